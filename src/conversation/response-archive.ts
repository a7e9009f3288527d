import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { findMember, scanObject } from '../json-splice.ts';
import type { Awaitable, ResponseRow, ResponseRows } from '../storage/ports.ts';
import { inputItems, outputOf, readAnswer, readAnswerId } from './answer-reader.ts';
import { isCompaction, readableItems } from './compaction-item.ts';
import { continueTranscript, type Transcript } from './transcript.ts';

/** A finished exchange, as bytes: whoever stores it reads them. */
export interface FinishedTurn {
  readonly owner: string;
  /** The earlier response that the request named. */
  readonly previousId: string | undefined;
  /** Set when the provider keeps the turn: then only its id is remembered, and with whom. */
  readonly credentialId: string | undefined;
  readonly model: string;
  readonly createdAtMs: number;
  /** The client's request body; empty when the provider keeps the turn. */
  readonly request: Uint8Array;
  /** The answer as the client got it, whole or as a stream; its first bytes when the provider keeps the turn. */
  readonly answer: Uint8Array;
}

/** What is known of an id that a client names. */
export type Found<T> =
  | { readonly kind: 'stored'; readonly value: T }
  /** The provider keeps it; the credential can reach it, under a model that its client named so. */
  | { readonly kind: 'with-provider'; readonly credentialId: string; readonly model: string }
  /** It belongs to another client key. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unknown' };

/** Stored turns of Responses conversations, apart by owner. */
export interface ResponseArchive {
  save(turn: FinishedTurn): Awaitable<void>;
  /** The response object, as JSON. */
  find(owner: string, id: string): Awaitable<Found<Uint8Array>>;
  /** Everything that was asked, back to the first turn, as a JSON list. */
  inputOf(owner: string, id: string): Awaitable<Found<Uint8Array>>;
  /** The input of a turn that follows this one: the earlier turns and the new items (raw JSON), as a JSON list. */
  continue(owner: string, id: string, input: Uint8Array): Awaitable<Found<Uint8Array>>;
  remove(owner: string, id: string): Awaitable<boolean>;
  close(): Awaitable<void>;
}

/** An archive over the rows of a storage driver. */
export function createResponseArchive(rows: ResponseRows): ResponseArchive {
  return {
    async save(turn) {
      const row = toRow(turn);
      if (row !== undefined) await rows.put(row);
    },
    async find(owner, id) {
      const row = await rows.get(id, owner);
      return row === undefined ? absent(rows, id) : stored(row, row.response);
    },
    async inputOf(owner, id) {
      const chain = await readChain(rows, owner, id);
      const last = chain?.at(-1);
      if (chain === undefined || last === undefined) return absent(rows, id);
      const earlier = transcriptOf(chain.slice(0, -1));
      return stored(last, encode(continueTranscript(earlier, itemsOf(last.input))));
    },
    async continue(owner, id, input) {
      const chain = await readChain(rows, owner, id);
      const last = chain?.at(-1);
      if (chain === undefined || last === undefined) return absent(rows, id);
      if (last.credentialId !== undefined) return stored(last, new Uint8Array());
      const transcript = transcriptOf(chain);
      const items = resolveReferences(itemsOf(input), transcript);
      return stored(last, encode(readableItems(continueTranscript(transcript, items))));
    },
    remove: (owner, id) => rows.delete(id, owner),
    close: () => rows.close(),
  };
}

function toRow(turn: FinishedTurn): ResponseRow | undefined {
  const { owner, previousId, credentialId, model, createdAtMs } = turn;
  const common = { owner, previousId, credentialId, model, createdAtMs };
  const answer = asBuffer(turn.answer);
  if (credentialId !== undefined) {
    const id = readAnswerId(answer);
    return id === undefined ? undefined : { ...common, id, input: new Uint8Array(), response: new Uint8Array() };
  }
  const response = readAnswer(answer);
  const id = response?.['id'];
  if (response === undefined || typeof id !== 'string') return undefined;
  return { ...common, id, input: rawInput(turn.request), response: Buffer.from(JSON.stringify(response)) };
}

function rawInput(request: Uint8Array): Uint8Array {
  const scanned = scanObject(asBuffer(request));
  const member = scanned === undefined ? undefined : findMember(scanned, 'input');
  return member === undefined ? EMPTY_LIST : request.subarray(member.valueStart, member.valueEnd);
}

const EMPTY_LIST = Buffer.from('[]');

async function absent(rows: ResponseRows, id: string): Promise<Found<never>> {
  return { kind: (await rows.exists(id)) ? 'foreign' : 'unknown' };
}

function stored(row: ResponseRow, value: Uint8Array): Found<Uint8Array> {
  const { credentialId, model } = row;
  return credentialId === undefined ? { kind: 'stored', value } : { kind: 'with-provider', credentialId, model };
}

/** The turns up to this one, the first one first; undefined when one of them is not there any more. */
async function readChain(rows: ResponseRows, owner: string, id: string): Promise<readonly ResponseRow[] | undefined> {
  const chain: ResponseRow[] = [];
  const seen = new Set<string>();
  let next: string | undefined = id;
  while (next !== undefined) {
    const row: ResponseRow | undefined = await rows.get(next, owner);
    if (row === undefined || seen.has(next)) return undefined;
    seen.add(next);
    chain.push(row);
    next = row.credentialId === undefined ? row.previousId : undefined;
  }
  return chain.reverse();
}

function transcriptOf(chain: readonly ResponseRow[]): Transcript {
  return chain.reduce<Transcript>(
    (before, row) => {
      const response: unknown = JSON.parse(asBuffer(row.response).toString('utf8') || '{}');
      const output = withoutUsedIds(isJsonObject(response) ? outputOf(response) : [], before);
      // The answer to a compaction trigger takes the place of everything before it.
      if (output.some(isCompaction)) return { input: [], output };
      return { input: continueTranscript(before, itemsOf(row.input)), output };
    },
    { input: [], output: [] },
  );
}

/** Servers that number their answers from one in every turn must not make them look like repetitions. */
function withoutUsedIds(output: readonly JsonObject[], before: Transcript): readonly JsonObject[] {
  const used = new Set([...before.input, ...before.output].map((item) => item['id']));
  return output.map((item) => {
    const { id, ...rest } = item;
    return id !== undefined && used.has(id) ? rest : item;
  });
}

/** Items that only name an earlier item are replaced by it. */
function resolveReferences(items: readonly JsonObject[], { input, output }: Transcript): readonly JsonObject[] {
  if (!items.some((item) => item['type'] === 'item_reference')) return items;
  const known = new Map([...input, ...output].map((item) => [item['id'], item]));
  return items.map((item) => (item['type'] === 'item_reference' ? (known.get(item['id']) ?? item) : item));
}

function itemsOf(raw: Uint8Array): readonly JsonObject[] {
  if (raw.length === 0) return [];
  const value: JsonValue = JSON.parse(asBuffer(raw).toString('utf8'));
  return inputItems(value);
}

function encode(items: readonly JsonValue[]): Uint8Array {
  return Buffer.from(JSON.stringify(items));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
