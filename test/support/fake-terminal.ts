/** A person at a keyboard who answers as told, or nobody. */

import type { Terminal } from '../../src/cli/terminal.ts';
import type { Choice } from '../../src/index.ts';

/** What the person does. */
export interface FakePerson {
  /** To each question in turn; undefined: gives up. Absent: nobody is there. */
  readonly answers?: readonly (string | readonly string[] | boolean | undefined)[];
  /** Piped in. */
  readonly piped?: string;
}

/** A terminal that remembers. */
export interface FakeTerminal extends Terminal {
  readonly told: string[];
  readonly warned: string[];
  readonly asked: string[];
  /** Types a line, once lines are read. */
  type(line: string): void;
}

/** Makes one. */
export function fakeTerminal({ answers, piped = '' }: FakePerson = {}): FakeTerminal {
  const told: string[] = [];
  const warned: string[] = [];
  const asked: string[] = [];
  const left = [...(answers ?? [])];
  const typed: string[] = [];
  let reader = (line: string): void => void typed.push(line);
  const listed = (question: string, choices: readonly Choice[]): string =>
    `${question} ${choices.map(({ value, label }) => `${value}: ${label}`).join(', ')}`;
  // cast: a test answers what is asked
  const next = async <T>(question: string): Promise<T | undefined> => {
    asked.push(question);
    return left.shift() as T | undefined;
  };
  return {
    told,
    warned,
    asked,
    isInteractive: answers !== undefined,
    out: (line) => told.push(line),
    warn: (line) => warned.push(line),
    status: () => {},
    select: (question, choices) => next(listed(question, choices)),
    selectMany: (question, choices) => next(listed(question, choices)),
    confirm: (question) => next(question),
    text: (question) => next(question),
    secret: (question) => next(question),
    readAll: async () => piped,
    readLines(signal, line) {
      for (const text of typed.splice(0)) line(text);
      reader = line;
      signal.addEventListener('abort', () => (reader = () => {}), { once: true });
    },
    type: (line) => reader(line),
  };
}
