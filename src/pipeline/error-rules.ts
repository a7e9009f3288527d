import { createContext, Script } from 'node:vm';
import type { ErrorRule } from '../credentials/credential.ts';

/** How much of an error's body the rules look at. */
const MOST_LENGTH = 8 * 1024;
/** The patterns are the user's: one that takes longer is hanging. */
const MOST_MS = 50;
/** A pattern that hung so often is not asked again. */
const MOST_HANGS = 3;

const hangs = new WeakMap<RegExp, number>();

/** Looks at the beginning of an error's body for the first rule that knows better what the error means. */
export function matchErrorRule(rules: readonly ErrorRule[], status: number, body: string): ErrorRule | undefined {
  const candidates = rules.filter((rule) => rule.status === status);
  if (candidates.length === 0) return undefined;
  const text = body.slice(0, MOST_LENGTH);
  return candidates.find(
    ({ texts, patterns }) =>
      texts.some((one) => text.includes(one)) || patterns.some((pattern) => testInTime(pattern, text)),
  );
}

interface Sandbox {
  pattern: RegExp | undefined;
  text: string;
}

interface Tester {
  readonly script: Script;
  readonly sandbox: Sandbox;
}

let tester: Tester | undefined;

function createTester(): Tester {
  const sandbox: Sandbox = { pattern: undefined, text: '' };
  createContext(sandbox);
  return { script: new Script('pattern.test(text)'), sandbox };
}

/** As `pattern.test(text)`, but over in time: backtracking can take longer than the universe is old. */
function testInTime(pattern: RegExp, text: string): boolean {
  const hung = hangs.get(pattern) ?? 0;
  if (hung >= MOST_HANGS) return false;
  tester ??= createTester();
  const { script, sandbox } = tester;
  Object.assign(sandbox, { pattern, text });
  try {
    return script.runInContext(sandbox, { timeout: MOST_MS }) === true;
  } catch {
    // The only thing that a test of a pattern can throw is its end.
    hangs.set(pattern, hung + 1);
    return false;
  } finally {
    Object.assign(sandbox, { pattern: undefined, text: '' });
  }
}
