import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../src/domain/errors.ts";
import { readModelFile } from "../../src/registry/model-files.ts";
import { createFolder } from "./model-fixtures.ts";

const content = Buffer.from("model");

/** A models folder with a neighbour that must stay out of reach. */
function createNeighbours(): string {
  const root = createFolder();
  const models = join(root, "models");
  mkdirSync(join(models, "incoming"), { recursive: true });
  mkdirSync(join(root, "models-other"));
  for (const path of ["models/incoming/x.onnx", "models/x.onnx", "models-other/x.onnx", "secret"]) {
    writeFileSync(join(root, path), content);
  }
  symlinkSync(join(root, "secret"), join(models, "link-out.onnx"));
  symlinkSync("x.onnx", join(models, "link-in.onnx"));
  symlinkSync(join(root, "models-other"), join(models, "folder-out"));
  symlinkSync("incoming", join(models, "folder-in"));
  symlinkSync("loop", join(models, "loop"));
  execFileSync("mkfifo", [join(models, "pipe")]);
  return models;
}

describe("readModelFile", () => {
  it.each(["x.onnx", "incoming/x.onnx"])("reads %s", async (path) => {
    expect(await readModelFile(createNeighbours(), path, 5)).toEqual(content);
  });

  it("reads inside a models folder that is a symlink itself", async () => {
    const models = createNeighbours();
    const link = join(createFolder(), "models");
    symlinkSync(models, link);
    expect(await readModelFile(link, "incoming/x.onnx", 5)).toEqual(content);
  });

  it.each([
    ["", "inside the models folder"],
    [".", "inside the models folder"],
    ["..", "inside the models folder"],
    ["../secret", "inside the models folder"],
    ["../models-other/x.onnx", "inside the models folder"],
    ["../models/x.onnx", "inside the models folder"],
    ["incoming/../../secret", "inside the models folder"],
    ["incoming/../x.onnx", "inside the models folder"],
    ["./x.onnx", "inside the models folder"],
    ["incoming//x.onnx", "inside the models folder"],
    ["/etc/passwd", "inside the models folder"],
    ["..\\secret", "inside the models folder"],
    ["x.onnx\0.txt", "inside the models folder"],
    ["a/".repeat(300), "inside the models folder"],
    ["link-out.onnx", "symlinks"],
    ["link-in.onnx", "symlinks"],
    ["folder-out/x.onnx", "symlinks"],
    ["folder-in/x.onnx", "symlinks"],
    ["loop", "symlinks"],
    ["pipe", "no regular file"],
    ["incoming", "no regular file"],
    ["absent.onnx", "ENOENT"],
    ["x.onnx/y", "ENOTDIR"],
    ["%2e%2e/secret", "ENOENT"],
    ["n".repeat(300), "ENAMETOOLONG"],
  ])("refuses %j", async (path, why) => {
    const reading = readModelFile(createNeighbours(), path, 5);
    await expect(reading).rejects.toThrow(InvalidInputError);
    await expect(reading).rejects.toThrow(why);
  });

  it("refuses a file that is one byte too large", async () => {
    await expect(readModelFile(createNeighbours(), "x.onnx", 4)).rejects.toThrow("5 bytes are more than 4");
  });
});
