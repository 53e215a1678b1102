import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Code } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { brotliCompression, gzipCompression } from "../../src/transport/message-compression.ts";

const text = "momentum ".repeat(100);
const message = Buffer.from(text);

describe.each([
  { compression: gzipCompression, name: "gzip", unpack: gunzipSync },
  { compression: brotliCompression, name: "br", unpack: brotliDecompressSync },
])("compression by $name", ({ compression, name, unpack }) => {
  const { compress, decompress } = compression;

  it("has the name that clients ask for", () => {
    expect(compression.name).toBe(name);
  });

  it("writes what others can read", async () => {
    const packed = await compress(message);
    expect(packed.length).toBeLessThan(message.length);
    expect(unpack(packed).toString()).toBe(text);
  });

  it("reads a message as large as is allowed, and refuses a larger one", async () => {
    const packed = await compress(message);
    expect(Buffer.from(await decompress(packed, message.length)).toString()).toBe(text);
    await expect(decompress(packed, message.length - 1)).rejects.toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: `message is larger than configured readMaxBytes ${message.length - 1} after decompression`,
    });
  });

  it("takes nothing for an empty message", async () => {
    expect(await decompress(new Uint8Array(0), 1)).toHaveLength(0);
  });

  it.each([
    ["that is none of it", () => Promise.resolve(Buffer.from("not compressed at all"))],
    ["that was cut off", async () => (await compress(message)).subarray(0, -3)],
  ])("blames the caller for a message %s", async (_, make) => {
    await expect(decompress(await make(), 1_000_000)).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: "decompression failed",
    });
  });
});
