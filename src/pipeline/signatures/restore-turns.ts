import type { Message, Part } from '../../ir/index.ts';
import { type Place, placeOf, type RememberedTurn } from './remembered-turn.ts';
import { signatureOf } from './settle-signatures.ts';
import { questionBefore, turnKeys } from './turn-keys.ts';

/** Looks a turn up. */
export type FindTurn = (key: string) => RememberedTurn | undefined;

/** One turn of the assistant, which a client may have cut into several messages. */
interface Run {
  /** Positions in the request's messages. */
  readonly first: number;
  readonly end: number;
  readonly question: string;
}

interface Slot {
  readonly message: number;
  part: Part;
}

/** Gives the assistant's turns back what their client could not carry; what it did carry is never doubled. */
export function restoreTurns(messages: readonly Message[], find: FindTurn): readonly Message[] {
  let restored: Message[] | undefined;
  for (const run of runsOf(messages)) {
    const turns = findTurns(messages, run, find);
    if (turns.length === 0) continue;
    const slots = slotsOf(messages, run);
    for (const turn of turns) restoreTurn(slots, turn);
    restored ??= [...messages];
    for (let index = run.first; index < run.end; index++) {
      const message = messages[index];
      if (message === undefined) continue;
      restored[index] = { ...message, content: slots.filter((slot) => slot.message === index).map(({ part }) => part) };
    }
  }
  return restored ?? messages;
}

/** The keys of every turn in the history. */
export function keysOf(messages: readonly Message[]): string[] {
  return runsOf(messages).flatMap((run) => runKeys(messages, run));
}

function runsOf(messages: readonly Message[]): Run[] {
  const runs: Run[] = [];
  for (let index = 0; index < messages.length; index++) {
    if (messages[index]?.role !== 'assistant') continue;
    const first = index;
    while (messages[index + 1]?.role === 'assistant') index++;
    runs.push({ first, end: index + 1, question: questionBefore(messages, first) });
  }
  return runs;
}

function runKeys(messages: readonly Message[], { first, end, question }: Run): readonly string[] {
  return turnKeys(
    messages.slice(first, end).flatMap(({ content }) => content),
    question,
  );
}

function findTurns(messages: readonly Message[], run: Run, find: FindTurn): readonly RememberedTurn[] {
  const found = runKeys(messages, run).flatMap((key) => find(key) ?? []);
  return [...new Set(found)];
}

function slotsOf(messages: readonly Message[], { first, end }: Run): Slot[] {
  return messages
    .slice(first, end)
    .flatMap(({ content }, offset) => content.map((part) => ({ message: first + offset, part })));
}

function restoreTurn(slots: Slot[], turn: RememberedTurn): void {
  const carried = new Set(slots.map(({ part }) => signatureOf(part)?.value));
  for (const { place, signature } of turn.signed) {
    const slot = slots[indexOf(slots, place)] ?? slots.findLast(({ part }) => place.type === 'text' && isText(part));
    if (slot === undefined || carried.has(signature.value) || signatureOf(slot.part) !== undefined) continue;
    if (slot.part.type === 'tool-call' || slot.part.type === 'text') slot.part = { ...slot.part, signature };
  }
  const lost = turn.reasoning.filter(({ part }) => !carried.has(part.signature.value));
  if (lost.length === 0) return;
  removeRepeated(slots, lost.map(({ part }) => part.text).join(''));
  for (const { part, before } of lost) {
    const at = before === undefined ? slots.length : Math.max(0, indexOf(slots, before));
    const message = (slots[at] ?? slots.at(-1))?.message;
    if (message !== undefined) slots.splice(at, 0, { message, part });
  }
}

/** Clients that drop a signature may keep the reasoning's text: the signed part takes its place. */
function removeRepeated(slots: Slot[], reasoning: string): void {
  const known = squeeze(reasoning);
  for (let index = slots.length - 1; index >= 0; index--) {
    const part = slots[index]?.part;
    if (part?.type !== 'reasoning' || part.signature !== undefined) continue;
    if (known.includes(squeeze(part.text)) && slots.length > 1) slots.splice(index, 1);
  }
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}

function indexOf(slots: readonly Slot[], place: Place): number {
  let texts = 0;
  return slots.findIndex(({ part }) => {
    const here = placeOf(part, texts);
    if (here?.type === 'text') texts++;
    if (here === undefined || here.type !== place.type) return false;
    return here.type === 'call'
      ? place.type === 'call' && here.key === place.key
      : place.type === 'text' && here.index === place.index;
  });
}

function isText(part: Part): boolean {
  return placeOf(part, 0)?.type === 'text';
}
