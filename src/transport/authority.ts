/** Which `Host` and `:authority` values are let in. */

import type { NodeRequest } from "./rest-handler.ts";

/** RFC 3986 host (registered name, IPv4, bracketed IPv6) with an optional port; no userinfo. */
const authorityForm = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/;

/**
 * True when the request names its host in a form that URL parsers take. `Host: [` or port 99999 makes `new URL`
 * throw in everything behind the listener, so such requests end here.
 */
export function hasValidAuthority(request: NodeRequest): boolean {
  return isValidAuthority(("authority" in request && request.authority) || request.headers.host);
}

/** The same for the value itself. */
export function isValidAuthority(authority: string | undefined): boolean {
  if (authority === undefined) return false;
  const match = authorityForm.exec(authority);
  return match !== null && Number(match[1] ?? 0) <= 65_535;
}
