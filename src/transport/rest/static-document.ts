/** A document that is served as it is, such as a page of the API's documentation. */

export interface StaticDocument {
  /**
   * Path it is served at, e.g. `/docs`; also its name in call reports. Where an RPC answers GET at the same path, the
   * document goes to clients that would rather have its type than JSON.
   */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Further headers, e.g. a content security policy. */
  readonly headers: Readonly<Record<string, string>>;
}
