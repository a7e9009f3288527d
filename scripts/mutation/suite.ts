/**
 * What `vitest` is to the tests while mutants are judged: its own `expect`, and a list of tests that can be run again and
 * again in one process. Vitest itself starts a worker for each run, which takes longer than the tests of a mutant.
 */
import { expect as vitestExpect } from 'vitest';

type Body = (...row: readonly unknown[]) => unknown;

/** One test that was declared. */
export interface DeclaredTest {
  /** File, suites and name; unique. */
  readonly id: string;
  readonly name: string;
  run(): Promise<void>;
}

const declared: DeclaredTest[] = [];
const ids = new Map<string, number>();
let suites: readonly string[] = [];

/** All tests declared since the last call, by the file that was imported meanwhile. */
export function takeTests(file: string): readonly DeclaredTest[] {
  return declared.splice(0).map((one) => {
    const id = `${file}#${one.id}`;
    const count = (ids.get(id) ?? 0) + 1;
    ids.set(id, count);
    return { ...one, id: count === 1 ? id : `${id} (${count})` };
  });
}

function label(name: unknown): string {
  return typeof name === 'string' ? name : String(name);
}

function declare(name: unknown, body: Body, row: readonly unknown[]): void {
  const path = [...suites, label(name)].join(' > ');
  declared.push({
    id: path,
    name: path,
    async run() {
      await body(...row);
    },
  });
}

function inSuite(name: unknown, body: Body, row: readonly unknown[]): void {
  const outer = suites;
  suites = [...outer, label(name)];
  body(...row);
  suites = outer;
}

type Declare = (name: unknown, body: Body, row: readonly unknown[]) => void;
type Each = (table: readonly unknown[]) => (name: unknown, body: Body) => void;

interface Declarer {
  (name: unknown, body: Body): void;
  readonly each: Each;
  readonly for: Each;
  readonly skip: (...given: readonly unknown[]) => void;
}

/** `describe` or `test` with its tables: `each` spreads the rows that are lists, `for` does not. */
function declarer(place: Declare): Declarer {
  const table =
    (spread: boolean): Each =>
    (rows) =>
    (name, body) => {
      for (const [index, row] of rows.entries())
        place(`${label(name)} [${index}]`, body, spread && Array.isArray(row) ? row : [row]);
    };
  return Object.assign((name: unknown, body: Body): void => place(name, body, []), {
    each: table(true),
    for: table(false),
    skip: () => undefined,
  });
}

export const describe: Declarer = declarer(inSuite);
export const test: Declarer = declarer(declare);
export const it: Declarer = test;
export const expect: typeof vitestExpect = vitestExpect;
