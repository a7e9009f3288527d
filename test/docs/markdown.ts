/** The documentation as the tests read it. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '../..');

/** A fenced block. `note` is what stands behind the language: `sh not-run: reason`, `ts from: path`. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly note: string;
  readonly text: string;
}

/** Paths of all hand-written and generated pages, from the root. */
export function pages(): string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).filter((file) => !file.startsWith('node_modules'));
}

export function readPage(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The fenced blocks of a page in order. */
export function blocksOf(file: string, text: string = readPage(file)): Block[] {
  const found: Block[] = [];
  for (const match of text.matchAll(/^( *)```(\w+)([^\n]*)\n(.*?)^ *```$/gms)) {
    // A block within a list is indented with it.
    const [, indent = '', language = '', note = '', indented = ''] = match;
    const body = indented.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    const line = text.slice(0, match.index).split('\n').length;
    found.push({ file, line, language, note: note.trim(), text: body });
  }
  return found;
}

/** Blocks of one language in every page. */
export function allBlocks(language: string): Block[] {
  return pages().flatMap((file) => blocksOf(file).filter((block) => block.language === language));
}

/** Name of a block in test output. */
export function nameOf({ file, line }: Block): string {
  return `${file}:${line}`;
}
