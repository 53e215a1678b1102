/** The shell commands that the documentation shows. */

import { readFileSync } from "node:fs";

export interface ShownCommand {
  /** The document, from the repository's root. */
  readonly document: string;
  /** Line of the document, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Every command of every block marked `sh`, in order. */
export function readShownCommands(root: URL, document: string): readonly ShownCommand[] {
  const lines = readFileSync(new URL(document, root), "utf8").split("\n");
  const commands: ShownCommand[] = [];
  let block: string[] | undefined;
  let start = 0;
  for (const [index, line] of lines.entries()) {
    if (block === undefined) {
      if (/^\s*```(sh|bash|console)\s*$/.test(line)) {
        block = [];
        start = index + 2;
      }
    } else if (/^\s*```\s*$/.test(line)) {
      commands.push(...splitCommands(block).map(({ offset, text }) => ({ document, line: start + offset, text })));
      block = undefined;
    } else block.push(line);
  }
  if (block !== undefined) throw new Error(`${document}:${start}: the block has no end`);
  return commands;
}

/** A command ends with its line, unless the line ends in a backslash or a quotation or `do … done` is still open. */
export function splitCommands(lines: readonly string[]): readonly { offset: number; text: string }[] {
  const commands: { offset: number; text: string }[] = [];
  let open: { offset: number; text: string } | undefined;
  for (const [offset, line] of lines.entries()) {
    const text: string = open === undefined ? line : `${open.text}\n${line}`;
    const command = { offset: open?.offset ?? offset, text };
    if (isOpen(text)) open = command;
    else {
      open = undefined;
      if (withoutComment(text).trim() !== "") commands.push({ ...command, text: withoutComment(text).trim() });
    }
  }
  if (open !== undefined) throw new Error(`a command has no end: ${open.text}`);
  return commands;
}

function isOpen(text: string): boolean {
  return text.endsWith("\\") || quoteAtEnd(text) !== undefined || /<<'?EOF'?\n(?![\s\S]*\nEOF$)/.test(`${text}\n`);
}

function quoteAtEnd(text: string): string | undefined {
  let quote: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "\\" && quote !== "'") index++;
    else if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "#" && (index === 0 || /\s/.test(text[index - 1] ?? ""))) {
      const end = text.indexOf("\n", index);
      if (end === -1) return undefined;
      index = end;
    }
  }
  return quote;
}

/** Without what stands behind a `#` that begins a word outside quotations. */
function withoutComment(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text[index] !== "#" || (index > 0 && !/\s/.test(text[index - 1] ?? ""))) continue;
    if (quoteAtEnd(text.slice(0, index)) !== undefined) continue;
    const end = text.indexOf("\n", index);
    return withoutComment(text.slice(0, index) + (end === -1 ? "" : text.slice(end)));
  }
  return text;
}
