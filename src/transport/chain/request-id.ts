/** Which `x-request-id` a caller may choose. */

/** The header that carries the id in both directions, on every protocol. */
export const requestIdHeader = "x-request-id";

/** 1 to 128 printable ASCII characters: it goes to the log and back into a header as it is. */
const acceptable = /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/;

/** The caller's id if it is fit to use. */
export function acceptRequestId(received: string | undefined): string | undefined {
  return received !== undefined && acceptable.test(received) ? received : undefined;
}
