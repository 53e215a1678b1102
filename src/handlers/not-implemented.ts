import { NotImplementedError } from "../domain/errors.ts";

/** A handler of an RPC that is part of the API but not of this release. */
export function refuse(capability: string): () => never {
  return () => {
    throw new NotImplementedError(`${capability} is not part of this release; see CHANGELOG.md`);
  };
}
