import { readFileSync } from "node:fs";

/** The first block of code of one language in a README. */
export function readmeCode(path: string, language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readFileSync(path, "utf8")) ?? [];
  if (code === undefined) throw new Error(`${path} shows no ${language}`);
  return code;
}
