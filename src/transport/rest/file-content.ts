/** A document's file: read when somebody asks for it, so that pages which few look at take no room in memory. */

import type { EventEmitter } from "node:events";
import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { UnavailableError } from "../../domain/errors.ts";
import { type DocumentContent, digest } from "./static-document.ts";

/** Reads the file once, so that one that is missing is missed now, and keeps what tells whether it is still the same. */
export function openFileContent(path: string): DocumentContent {
  const descriptor = openSync(path, "r");
  try {
    // Taken before the file is read, so that a change meanwhile shows later on.
    const version = versionOf(fstatSync(descriptor, { bigint: true }));
    return new FileContent(path, version, digest(readPieces(descriptor)));
  } finally {
    closeSync(descriptor);
  }
}

/** One after the other in the same memory: what a start takes at once stays with the process. */
function* readPieces(descriptor: number): Iterable<Uint8Array> {
  const piece = Buffer.allocUnsafe(65_536);
  for (let bytes = readSync(descriptor, piece); bytes > 0; bytes = readSync(descriptor, piece)) {
    yield piece.subarray(0, bytes);
  }
}

function versionOf({ ino, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${mtimeNs} ${ctimeNs}`;
}

class FileContent implements DocumentContent {
  readonly bytes: number;
  readonly etag: string;
  readonly #path: string;
  readonly #version: string;
  /** Shared by all responses that are open: many clients that read slowly cost one copy, not one each. */
  #body: Promise<Uint8Array> | undefined;
  #borrowers = 0;

  constructor(path: string, version: string, { bytes, etag }: Pick<DocumentContent, "bytes" | "etag">) {
    this.bytes = bytes;
    this.etag = etag;
    this.#path = path;
    this.#version = version;
  }

  lend(response: EventEmitter): Promise<Uint8Array> {
    this.#borrowers++;
    response.once("close", () => {
      this.#borrowers--;
      if (this.#borrowers === 0) this.#body = undefined;
    });
    this.#body ??= this.#read();
    return this.#body;
  }

  async #read(): Promise<Uint8Array> {
    try {
      return await this.#readUnchanged();
    } catch (cause) {
      // Whoever asks next may find it again.
      this.#body = undefined;
      const message = "the document cannot be read as it was when the service started";
      throw new UnavailableError(message, "DOCUMENT_UNAVAILABLE", undefined, { cause });
    }
  }

  /**
   * A file with the inode and the times of the start has not been written to: nobody can set the time of its last change.
   * They are taken after it is read, so that a write meanwhile shows. Where they differ the content decides, since to link to the
   * same file or to install it again changes them too. It is hashed only then: no call is answered in that time (0.9 ms for Swagger UI).
   */
  async #readUnchanged(): Promise<Uint8Array> {
    const file = await open(this.#path, "r");
    try {
      const { buffer: body, bytesRead } = await file.read(Buffer.allocUnsafeSlow(this.bytes), 0, this.bytes, 0);
      const stats = await file.stat({ bigint: true });
      const hasLength = bytesRead === this.bytes && stats.size === BigInt(this.bytes);
      if (!hasLength || (versionOf(stats) !== this.#version && digest([body]).etag !== this.etag)) {
        throw new Error(`${this.#path} is not what it was when the service started; restart the service`);
      }
      return body;
    } finally {
      await file.close();
    }
  }
}
