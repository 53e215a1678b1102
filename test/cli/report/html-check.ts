const voidElements = new Set(["meta", "br", "hr", "img", "input", "link"]);
const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|<!doctype html>/g;

/** What is wrong with the structure of a page: unclosed or crossed elements, stray `<`, repeated ids. Empty for a sound one. */
export function findHtmlProblems(page: string): string[] {
  const problems: string[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  const text = page.replace(/<(script|style)([^>]*)>[\s\S]*?<\/\1>/g, "<$1$2></$1>");
  let end = 0;
  for (const match of text.matchAll(tag)) {
    if (text.slice(end, match.index).includes("<")) problems.push(`stray < before ${match[0]}`);
    end = match.index + match[0].length;
    const [, closing, name, attributes = "", selfClosing] = match;
    if (name === undefined) continue;
    for (const [, id = ""] of attributes.matchAll(/\sid="([^"]*)"/g)) {
      if (ids.has(id)) problems.push(`id ${id} twice`);
      ids.add(id);
    }
    if (closing === "/") {
      const last = open.pop();
      if (last !== name) problems.push(`</${name}> closes <${last}>`);
    } else if (selfClosing !== "/" && !voidElements.has(name)) open.push(name);
  }
  if (text.slice(end).includes("<")) problems.push("stray < at the end");
  return [...problems, ...open.map((name) => `<${name}> stays open`)];
}
