import { deserialize, serialize } from 'node:v8';
import { isRecord } from '../config/record.ts';
import type { Steps } from '../pipeline/steps.ts';

/** A value on its way between threads, cut so that no piece takes long to read. */
export interface Parts {
  /** Everything but the members of long lists. */
  readonly trunk: Uint8Array<ArrayBuffer>;
  /** Members of the long lists, in order; a list within another comes after it. */
  readonly lists: readonly Uint8Array<ArrayBuffer>[];
}

interface Piece {
  readonly path: readonly (string | number)[];
  readonly members: readonly unknown[];
}

/** More members than this make a list long. */
const MEMBERS_PER_PIECE = 20;

/** Cuts plain data into parts. */
export function toParts(value: unknown): Parts {
  const pieces: Piece[] = [];
  const trunk = cut(value, [], pieces);
  pieces.sort((a, b) => a.path.length - b.path.length);
  return { trunk: pack(trunk), lists: pieces.map(pack) };
}

/** Puts the parts together again, piece by piece. */
export function* fromParts({ trunk, lists }: Parts): Steps<unknown> {
  const value: unknown = deserialize(trunk);
  yield;
  for (const list of lists) {
    const piece: unknown = deserialize(list);
    if (isPiece(piece)) listAt(value, piece.path)?.push(...piece.members);
    yield;
  }
  return value;
}

function cut(value: unknown, path: Piece['path'], pieces: Piece[]): unknown {
  if (Array.isArray(value)) {
    const members = value.map((member, index) => cut(member, [...path, index], pieces));
    if (members.length <= MEMBERS_PER_PIECE) return members;
    for (let start = 0; start < members.length; start += MEMBERS_PER_PIECE) {
      pieces.push({ path, members: members.slice(start, start + MEMBERS_PER_PIECE) });
    }
    return [];
  }
  if (!isRecord(value) || value instanceof RegExp) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cut(member, [...path, key], pieces)]));
}

/** In memory of its own, so that it can move to the other thread. */
function pack(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(serialize(value));
}

function isPiece(value: unknown): value is Piece {
  return isRecord(value) && Array.isArray(value['path']) && Array.isArray(value['members']);
}

function listAt(value: unknown, path: Piece['path']): unknown[] | undefined {
  const found = path.reduce<unknown>(
    (node, step) => (Array.isArray(node) ? node[Number(step)] : isRecord(node) ? node[step] : undefined),
    value,
  );
  return Array.isArray(found) ? found : undefined;
}
