/** The path language of payload rules, as gjson and sjson have it: https://github.com/tidwall/gjson/blob/master/SYNTAX.md */
import type { Operator, Path, PathStep, Query, QueryTerm } from './path.ts';
import { closingIndex, findOutside, splitOutside } from './scan-text.ts';
import { queryWildcard, type WildcardToken } from './wildcard.ts';

/** Padding a list up to a mistyped index would make a body of gigabytes. */
const MAX_INDEX = 9_999;
const OPERATORS: readonly Operator[] = ['==', '!=', '<=', '>=', '!%', '<', '>', '%'];

/** Says what is wrong with a path; the message continues the sentence "the path ...". */
export class PathError extends Error {
  override readonly name = 'PathError';
}

/** What a path is for: conditions may use wildcards in keys, edits must name what they write. */
export type PathUse = 'condition' | 'edit';

/** Reads `a.b\.c.0.#(type=="x")#.d`. Throws {@link PathError}. */
export function parsePath(text: string, use: PathUse): Path {
  const steps: PathStep[] = [];
  let rest = text;
  for (;;) {
    const { step, length } = rest.startsWith('#') ? readHash(rest) : readKey(rest);
    if (use === 'edit') refuseUnwritable(step);
    steps.push(step);
    if (length === rest.length) break;
    if (rest[length] !== '.') throw new PathError(`lacks a dot before "${rest.slice(length)}"`);
    rest = rest.slice(length + 1);
  }
  if (use === 'edit' && steps.at(-1)?.kind === 'each')
    throw new PathError('ends with "#", which is a number of elements');
  return steps;
}

interface Read {
  readonly step: PathStep;
  readonly length: number;
}

function readHash(text: string): Read {
  if (text[1] !== '(' && text[1] !== '[') return { step: { kind: 'each' }, length: 1 };
  const close = closingIndex(text, 1);
  if (close < 0) throw new PathError(`has a query that is not closed: "${text}"`);
  const all = text[close + 1] === '#';
  return { step: { kind: 'query', all, query: parseQuery(text.slice(2, close)) }, length: close + (all ? 2 : 1) };
}

function readKey(text: string): Read {
  const tokens: WildcardToken[] = [];
  let at = 0;
  let escaped = false;
  for (; at < text.length && text[at] !== '.'; at++) {
    let char = text.charAt(at);
    if (char === '|')
      throw new PathError('holds a "|"; write a dot, or a backslash before it when it is part of a key');
    if (char === '\\') {
      char = text.charAt(++at);
      escaped = true;
      if (char === '') throw new PathError('ends with a backslash');
      tokens.push({ char });
    } else tokens.push(char === '*' ? 'any' : char === '?' ? 'one' : { char });
  }
  if (tokens.length === 0) throw new PathError('has an empty step');
  return { step: keyStep(tokens, escaped), length: at };
}

function keyStep(tokens: readonly WildcardToken[], escaped: boolean): PathStep {
  if (tokens.includes('any') || tokens.includes('one')) return { kind: 'pattern', keys: tokens };
  const name = tokens.map((token) => (typeof token === 'string' ? '' : token.char)).join('');
  if (escaped) return { kind: 'key', name };
  if (name === '-1') return { kind: 'append' };
  // A colon in front makes a number the key of an object.
  if (/^:-?\d+$/.test(name)) return { kind: 'key', name: name.slice(1) };
  return /^\d{1,15}$/.test(name) ? { kind: 'key', name, index: Number(name) } : { kind: 'key', name };
}

function refuseUnwritable(step: PathStep): void {
  if (step.kind === 'pattern')
    throw new PathError('has a wildcard in a key; put a backslash before it if it is meant literally');
  if (step.kind === 'key' && step.index !== undefined && step.index > MAX_INDEX) {
    throw new PathError(`has an index above ${MAX_INDEX}`);
  }
}

/** Reads what stands between the parentheses of a query. Throws {@link PathError}. */
export function parseQuery(text: string): Query {
  return {
    anyOf: splitOutside(text, '||').map((alternative) => splitOutside(alternative, '&&').map(parseTerm)),
  };
}

function parseTerm(text: string): QueryTerm {
  const term = text.trim();
  if (term === '') throw new PathError('has an empty condition in a query');
  if (term.startsWith('(')) throw new PathError('groups conditions with parentheses; && binds tighter than ||');
  const found = findOutside(
    term,
    (rest) => OPERATORS.find((one) => rest.startsWith(one)) ?? (rest[0] === '=' ? '=' : undefined),
  );
  if (found === undefined) return { path: termPath(term) };
  const operand = readOperand(term.slice(found.at + found.match.length).trim());
  const operator = found.match === '=' ? '==' : found.match;
  return {
    path: termPath(term.slice(0, found.at).trim()),
    comparison: { operator, operand, pattern: queryWildcard(operand) },
  };
}

/** Nothing on the left means the element itself. */
function termPath(text: string): Path {
  return text === '' || text === '@this' ? [] : parsePath(text, 'condition');
}

function readOperand(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
  } catch {
    // Backslashes of a wildcard are no escapes of JSON: the text between the quotes, as gjson takes it.
    if (text.length > 1 && text.endsWith('"')) return text.slice(1, -1).replaceAll('\\"', '"');
  }
  throw new PathError(`has a text that is not closed: ${text}`);
}
