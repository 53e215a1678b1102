/** Makes the operator's console: one script, one style sheet, one page, from the sources in console/. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const source = new URL("../console/", import.meta.url);

/** In the order of the cascade. */
const styleSheets = ["theme", "layout", "figures", "decisions", "actions"] as const;

/** The licences of what is bundled ask for being named. */
const banner =
  "/* Contains @bufbuild/protobuf, @connectrpc/connect and @connectrpc/connect-web, Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0 */";

/** Files of the console by name; the same sources always make the same bytes. */
export async function bundleConsole(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["app.css", styleSheets.map((name) => readText(`style/${name}.css`)).join("\n")],
    ["app.js", await bundleScript()],
    ["icon.svg", readText("icon.svg")],
    ["index.html", readText("index.html")],
  ]);
}

async function bundleScript(): Promise<string> {
  await using bundle = await rolldown({
    input: fileURLToPath(new URL("main.ts", source)),
    platform: "browser",
    tsconfig: false,
  });
  const { output } = await bundle.generate({
    format: "esm",
    minify: true,
    comments: { legal: false },
    postBanner: banner,
  });
  const [chunk, ...others] = output;
  if (others.length > 0) throw new Error(`the console is one script, yet there is ${others[0]?.fileName}`);
  return `${chunk.code.trimEnd()}\n`;
}

function readText(name: string): string {
  return readFileSync(new URL(name, source), "utf8");
}
