import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { ProxyError } from '../errors.ts';
import type { KeyPath } from './walk.ts';

/** A place in the file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A parsed YAML file that knows where its keys are. */
export interface ConfigDocument {
  /** The content as plain data; null for an empty file. */
  readonly value: unknown;
  /** Where the key is; the nearest parent that exists otherwise. */
  placeOf(path: KeyPath): Place | undefined;
  /** The text of a scalar as it was written. */
  sourceOf(path: KeyPath): string | undefined;
}

/** Parses YAML. Throws `invalid_config` with file, line and column, without quoting the file (it holds secrets). */
export function parseConfigDocument(text: string, file: string): ConfigDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const place = counter.linePos(problem.pos[0]);
    throw new ProxyError('invalid_config', `${file}:${place.line}:${place.col}: ${explain(problem.code)}`);
  }
  return {
    value: plainValue(document, file),
    placeOf: (path) => place(document, counter, path),
    sourceOf(path) {
      const node = nodeAt(document, path);
      return isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
    },
  };
}

function plainValue(document: Document, file: string): unknown {
  try {
    const value: unknown = document.toJS();
    // Throws for a node that contains itself, which no later walk over the tree survives.
    JSON.stringify(value);
    return value;
  } catch (error) {
    // The parser's message could quote the file.
    throw new ProxyError('invalid_config', `${file}: an alias (*name) points nowhere or expands without end`, {
      cause: error,
    });
  }
}

function explain(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'this key appears twice';
    case 'TAB_AS_INDENT':
      return 'YAML is indented with spaces, not tabs';
    case 'BAD_INDENT':
      return 'wrong indentation';
    case 'MULTIPLE_DOCS':
      return 'only one YAML document is allowed (remove the ---)';
    case 'MISSING_CHAR':
      return 'a quote, bracket, comma or colon is missing';
    default:
      return `not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  }
}

function nodeAt(document: Document, path: KeyPath): unknown {
  let node: unknown = document.contents;
  for (const step of path) node = child(resolve(document, node), step)?.value;
  return resolve(document, node);
}

function place(document: Document, counter: LineCounter, path: KeyPath): Place | undefined {
  let offset: number | undefined;
  let node: unknown = document.contents;
  for (const step of path) {
    const next = child(resolve(document, node), step);
    if (next === undefined) break;
    offset = startOf(next.key) ?? startOf(next.value) ?? offset;
    node = next.value;
  }
  if (offset === undefined) return undefined;
  const { line, col } = counter.linePos(offset);
  return { line, column: col };
}

function resolve(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function child(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const named = (name: string) => node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === name);
  const pair = named(String(step)) ?? named(String(step).replaceAll('-', '_'));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
