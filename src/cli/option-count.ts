import { InvalidArgumentError } from "commander";

/**
 * Reads an option that counts something.
 *
 * @throws InvalidArgumentError, which the program reports with the option's name.
 */
export function readCount(text: string, max: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= max) return count;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${max}.`);
}
