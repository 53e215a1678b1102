import { type BigIntStats, constants } from "node:fs";
import { lstat, open, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInputError } from "../domain/errors.ts";

const pathLengthMax = 512;

/** True for a relative path of plain names: nothing in it can lead out of a folder but a symlink. */
export function isPlainPath(path: string): boolean {
  if (path === "" || path.length > pathLengthMax || path.includes("\\") || path.includes("\0")) return false;
  return path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

/**
 * Reads a file that a caller named, inside the models folder only. Symlinks are refused wherever they stand
 * in the path below the folder, as are devices, pipes and whatever else is no regular file.
 *
 * @throws InvalidInputError saying what is wrong with the path or the file.
 */
export async function readModelFile(directory: string, modelPath: string, sizeBytesMax: number): Promise<Buffer> {
  if (!isPlainPath(modelPath)) throw refuse("expected a path inside the models folder, such as incoming/model.onnx");
  try {
    return await readPlainFile(directory, modelPath, sizeBytesMax);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw refuse(`the file cannot be read (${code})`);
  }
}

async function readPlainFile(directory: string, modelPath: string, sizeBytesMax: number): Promise<Buffer> {
  let path = await realpath(directory);
  for (const segment of modelPath.split("/")) {
    path = join(path, segment);
    if ((await lstat(path)).isSymbolicLink()) throw refuse("symlinks are not followed");
  }
  // Non-blocking, or opening a pipe would wait for somebody to write into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const opened = await file.stat({ bigint: true });
    if (!opened.isFile()) throw refuse("it is no regular file");
    // A folder of the path may have been exchanged for a symlink between the look and the opening.
    if ((await realpath(path)) !== path || !isSame(opened, await stat(path, { bigint: true }))) {
      throw refuse("the file was exchanged while it was being opened");
    }
    if (opened.size > sizeBytesMax) throw refuse(`${opened.size} bytes are more than ${sizeBytesMax}`);
    const bytes = await file.readFile();
    if (bytes.byteLength === Number(opened.size)) return bytes;
    throw refuse("the file changed while it was being read");
  } finally {
    await file.close();
  }
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function refuse(description: string): InvalidInputError {
  return new InvalidInputError([{ field: "model_path", description }], "MODEL_PATH_REFUSED");
}
