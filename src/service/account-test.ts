import type { LoadedConfig } from '../config/parse.ts';
import { finishSteps } from '../pipeline/steps.ts';
import { createSecretKey } from '../storage/files/secret-key.ts';
import type { Accounts } from './accounts.ts';
import { openConversations, openServer } from './data-plane.ts';
import { openManagement } from './open-management.ts';
import type { Roster } from './roster.ts';
import type { Runtime } from './runtime.ts';
import { snapshotSteps } from './snapshot.ts';

/** What came of one small request through an account. */
export interface AccountTest {
  readonly isOk: boolean;
  /** As clients name it; undefined: the account offers none. */
  readonly model: string | undefined;
  readonly tookMs: number;
  /** The model's words, or why there are none. */
  readonly message: string;
}

/** What it is sent through. */
export interface AccountTestParts {
  readonly loaded: LoadedConfig;
  readonly runtime: Runtime;
  readonly accounts: Accounts;
}

const QUESTION = 'Answer with the single word OK.';
/** Enough for the word, also for a model that thinks before it. */
const MOST_TOKENS = 256;
const TIMEOUT_MS = 90_000;
/** Small models, by what their makers call them. */
const SMALL = /haiku|mini|nano|flash|lite|small|fast|air\b/i;

/** Asks a model one question through one account and the whole pipeline; nothing listens, and no other account answers. */
export async function testAccount(
  recordId: string,
  wanted: string | undefined,
  { loaded, runtime, accounts }: AccountTestParts,
): Promise<AccountTest> {
  const key = createSecretKey();
  const config = { ...loaded.config, 'api-keys': [key], fallbacks: [], 'request-retry': 0 };
  const found = { credentials: [], manifests: [], warnings: [] };
  const only = onlyRecord(accounts, recordId);
  const snapshot = finishSteps(snapshotSteps({ loaded: { ...loaded, config }, found, accounts: only }, runtime));
  runtime.adopt(snapshot);
  const current = { snapshot };
  const conversations = openConversations(current, runtime);
  const manage = openManagement(current, runtime, { status: () => ({}), explain: () => ({}) });
  const server = openServer(current, conversations, runtime, manage);
  const names = snapshot.roster.echoOnly ? [] : snapshot.roster.registry.list().map(({ clientName }) => clientName);
  const model = wanted ?? names.find((name) => SMALL.test(name)) ?? names[0];
  const startMs = performance.now();
  const took = (): number => Math.round(performance.now() - startMs);
  try {
    if (model === undefined) return { isOk: false, model, tookMs: 0, message: 'it offers no model' };
    const response = await server.fetch(questionFor(model, key));
    const outcome = answerOf(response.status, await response.json().catch(() => undefined));
    return { ...outcome, model, tookMs: took() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { isOk: false, model, tookMs: took(), message };
  } finally {
    await server.close(0);
    await conversations.close();
    only.leave();
  }
}

/** The accounts as a snapshot sees them, but only one of them. */
function onlyRecord(accounts: Accounts, recordId: string): Pick<Accounts, 'join' | 'renew'> & { leave(): void } {
  const joined: Roster[] = [];
  return {
    *join(roster) {
      const narrow: Roster = {
        ...roster,
        put(credential) {
          if (credential.recordId === recordId) roster.put(credential);
        },
      };
      joined.push(narrow);
      yield* accounts.join(narrow);
    },
    renew: (target) => accounts.renew(target),
    leave() {
      for (const roster of joined) accounts.leave(roster);
    },
  };
}

function questionFor(model: string, key: string): Request {
  return new Request('http://127.0.0.1/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: QUESTION }], max_tokens: MOST_TOKENS }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

function answerOf(status: number, body: unknown): Pick<AccountTest, 'isOk' | 'message'> {
  if (status !== 200) return { isOk: false, message: text(body, 'error', 'message') ?? `status ${status}` };
  return { isOk: true, message: (text(body, 'choices', '0', 'message', 'content') ?? '').trim() };
}

function text(body: unknown, ...path: readonly string[]): string | undefined {
  let value = body;
  for (const name of path) {
    const holder: object = typeof value === 'object' && value !== null ? value : {};
    value = new Map<string, unknown>(Object.entries(holder)).get(name);
  }
  return typeof value === 'string' ? value : undefined;
}
