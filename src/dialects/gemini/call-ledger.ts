import type { Role } from '../../ir/index.ts';
import { createCallIds } from './decode-part.ts';

interface PendingCall {
  readonly id: string;
  answered: boolean;
}

/** Calls in order, of which the answered ones are stepped over: thousands may wait at once. */
class Queue {
  readonly turn: number;
  readonly #calls: PendingCall[] = [];
  #head = 0;

  constructor(turn: number) {
    this.turn = turn;
  }

  add(call: PendingCall): void {
    this.#calls.push(call);
  }

  /** The first that waits. */
  first(): PendingCall | undefined {
    while (this.#calls[this.#head]?.answered === true) this.#head++;
    return this.#calls[this.#head];
  }
}

/** Finds the call that a `functionResponse` answers: by id, else first in, first out per name, or of all without one. */
export class CallLedger {
  /** An id for a call that has none. */
  readonly newId: (name: string) => string = createCallIds('');
  readonly #byId: Map<string, Queue> = new Map();
  /** Of each name one queue per turn; of all names under none. */
  readonly #byName: Map<string, Queue[]> = new Map();
  #turn = 0;
  #lastRole: Role | undefined;

  /** A content begins: model content after anything else opens a new turn of calls. */
  begin(role: Role): void {
    if (role === 'assistant' && this.#lastRole !== 'assistant') this.#turn++;
    this.#lastRole = role;
  }

  /** The model called a function. */
  called(id: string, name: string): void {
    const call = { id, answered: false };
    let sameId = this.#byId.get(id);
    if (sameId === undefined) {
      sameId = new Queue(0);
      this.#byId.set(id, sameId);
    }
    sameId.add(call);
    this.#file(name, call);
    this.#file('', call);
  }

  #file(name: string, call: PendingCall): void {
    const turns = this.#byName.get(name) ?? [];
    this.#byName.set(name, turns);
    let latest = turns.at(-1);
    if (latest === undefined || latest.turn !== this.#turn) {
      latest = new Queue(this.#turn);
      turns.push(latest);
    }
    latest.add(call);
  }

  /** The id for a response; a call answered once is not answered again. */
  answered(id: string | undefined, name: string): string {
    const match = id === undefined ? this.#oldestOfLatestTurn(name) : this.#byId.get(id)?.first();
    if (match !== undefined) match.answered = true;
    return id ?? match?.id ?? this.newId(name);
  }

  #oldestOfLatestTurn(name: string): PendingCall | undefined {
    const turns = this.#byName.get(name) ?? [];
    for (let turn = turns.at(-1); turn !== undefined; turn = turns.at(-1)) {
      const call = turn.first();
      if (call !== undefined) return call;
      turns.pop();
    }
    return undefined;
  }
}
