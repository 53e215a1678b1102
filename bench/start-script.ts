import { readFileSync } from "node:fs";

/** What a script of package.json starts Node with. */
export interface StartScript {
  readonly environment: Readonly<Record<string, string>>;
  /** Node's own options, the program, its arguments. */
  readonly args: readonly string[];
}

/** How `npm start` starts the service, so that what is measured is what is shipped. Needs the package's folder as working directory. */
export function readStartScript(): StartScript {
  const parsed: { readonly scripts: { readonly start: string } } = JSON.parse(readFileSync("package.json", "utf8"));
  const words = parsed.scripts.start.split(" ");
  const node = words.indexOf("node");
  if (node === -1) throw new Error(`npm start does not start Node: ${parsed.scripts.start}`);
  const assignments = words.slice(0, node).map((word): [string, string] => {
    const at = word.indexOf("=");
    return [word.slice(0, at), word.slice(at + 1)];
  });
  return { environment: Object.fromEntries(assignments), args: words.slice(node + 1) };
}
