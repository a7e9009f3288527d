import {
  type AccountDesk,
  type DeskAccount,
  type DeskModels,
  loadConfig,
  openAccountDesk,
  type QuotaReading,
} from '../../index.ts';
import { type AccountExtras, accountLines, accountTable, quotaLines } from '../account-text.ts';
import { explainFailure } from '../start-error.ts';

/** Flags of `llmproxy accounts ...` as the command line gave them. */
export interface AccountsFlags {
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
  readonly offline?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly model?: string | undefined;
}

/** The process around the command; tests put their own here. */
export interface AccountsContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  now(): number;
  out(line: string): void;
  warn(line: string): void;
  /** Undefined: nobody can be asked. */
  confirm(question: string): Promise<boolean | undefined>;
}

/** What `llmproxy accounts` can do. */
export type AccountsAction = 'list' | 'show' | 'disable' | 'enable' | 'remove' | 'refresh' | 'test';

/** Runs `llmproxy accounts <action> [names]`. Resolves with the exit code. */
export async function accounts(
  action: AccountsAction,
  names: readonly string[],
  flags: AccountsFlags,
  context: AccountsContext,
): Promise<number> {
  let desk: AccountDesk | undefined;
  try {
    const { env, directory } = context;
    desk = await openAccountDesk({ config: await loadConfig({ file: flags.config, env, directory }), env });
    return await run(action, names, { desk, flags, context });
  } catch (error) {
    const { line, exitCode } = explainFailure(error);
    context.warn(line);
    return exitCode;
  } finally {
    await desk?.close();
  }
}

interface Session {
  readonly desk: AccountDesk;
  readonly flags: AccountsFlags;
  readonly context: AccountsContext;
}

function run(action: AccountsAction, names: readonly string[], session: Session): Promise<number> {
  switch (action) {
    case 'list':
      return list(session);
    case 'show':
      return forEach(names, session, showOne);
    case 'disable':
      return forEach(names, session, async ({ id, label }, { desk }) => {
        const after = await desk.setDisabled(id, true);
        return { ok: true, line: `${label} is disabled; its file stays: ${after.file}` };
      });
    case 'enable':
      return forEach(names, session, async ({ id, label }, { desk }) => {
        const { state, message, isRenewable } = await desk.setDisabled(id, false);
        const isWell = state === 'ready' || (isRenewable && state !== 'unusable');
        return { ok: true, line: `${label} is enabled${isWell ? '' : `, but ${message ?? state}`}` };
      });
    case 'remove':
      return remove(names, session);
    case 'refresh':
      return forEach(names, session, refreshOne, ({ isRenewable }) => isRenewable);
    case 'test':
      return forEach(names, session, testOne);
  }
}

/** Providers are asked for so long, together. */
const LIST_QUOTA_MS = 5000;

async function list({ desk, flags, context }: Session): Promise<number> {
  const { accounts: all, problems } = await desk.list();
  const rows = await Promise.all(
    all.map(async (account) => ({ ...account, ...(flags.offline === true ? {} : await quotaOf(account, desk)) })),
  );
  if (flags.json === true) {
    context.out(JSON.stringify({ directory: desk.directory, accounts: rows, problems }, undefined, 2));
    return 0;
  }
  if (rows.length === 0) context.out(`no accounts in ${desk.directory}; llmproxy login adds one`);
  else for (const line of accountTable(rows, context.now())) context.out(line);
  for (const { id, message, state } of rows) if (state === 'unusable') context.warn(`${id}: ${message}`);
  for (const { message } of problems) context.warn(message);
  return 0;
}

/** Never rejects; a token that has ended is not renewed for a list. */
async function quotaOf(account: DeskAccount, desk: AccountDesk): Promise<AccountExtras> {
  if (account.state !== 'ready') return {};
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<AccountExtras>((done) => {
    timer = setTimeout(() => done({ quotaError: 'its provider did not answer in time' }), LIST_QUOTA_MS);
  });
  const asked = desk.quota(account.id).then(
    (quota): AccountExtras => (quota === undefined ? {} : { quota }),
    (error: unknown): AccountExtras => ({ quotaError: messageOf(error) }),
  );
  const extras = await Promise.race([asked, late]);
  clearTimeout(timer);
  return extras;
}

interface Outcome {
  readonly ok: boolean;
  readonly line: string;
  readonly json?: object;
}

/** All accounts that are meant where none is named. One that fails keeps nobody else from his turn. */
async function forEach(
  names: readonly string[],
  session: Session,
  work: (account: DeskAccount, session: Session) => Promise<Outcome>,
  isMeant: (account: DeskAccount) => boolean = () => true,
): Promise<number> {
  const { desk, flags, context } = session;
  const all = await chosen(names, desk);
  const found = all.filter((account) => names.length > 0 || isMeant(account));
  if (found.length === 0) {
    const why = all.length === 0 ? 'no accounts' : 'none of the accounts can be renewed';
    context.warn(`llmproxy: ${why} in ${desk.directory}; llmproxy login adds one`);
    return 1;
  }
  const results: object[] = [];
  let failures = 0;
  for (const account of found) {
    const outcome = await work(account, session).catch(
      (error: unknown): Outcome => ({ ok: false, line: `${account.label}: ${messageOf(error)}` }),
    );
    if (!outcome.ok) failures++;
    if (flags.json === true)
      results.push({
        id: account.id,
        provider: account.provider,
        ok: outcome.ok,
        message: outcome.line,
        ...outcome.json,
      });
    else if (outcome.ok) context.out(outcome.line);
    else context.warn(outcome.line);
  }
  if (flags.json === true) context.out(JSON.stringify(results, undefined, 2));
  return failures === 0 ? 0 : 1;
}

async function chosen(names: readonly string[], desk: AccountDesk): Promise<readonly DeskAccount[]> {
  if (names.length === 0) {
    const { accounts: all } = await desk.list();
    return all.filter(({ state, isRenewable }) => state !== 'disabled' && (state !== 'unusable' || isRenewable));
  }
  const found: DeskAccount[] = [];
  for (const name of names) found.push(await desk.find(name));
  return found;
}

async function remove(names: readonly string[], session: Session): Promise<number> {
  const { desk, flags, context } = session;
  const found = await chosen(names, desk);
  const what = found.map(({ label, provider = '?' }) => `${label} (${provider})`).join(', ');
  const answer = flags.yes === true ? true : await context.confirm(`Remove ${what} from this machine?`);
  if (answer === undefined) {
    context.warn('llmproxy: nobody can be asked here; add --yes to remove the account');
    return 2;
  }
  if (!answer) {
    context.out('nothing was removed');
    return 0;
  }
  return forEach(
    found.map(({ id }) => id),
    session,
    async ({ id, label, file }) => {
      await desk.remove(id);
      return { ok: true, line: `${label} is removed: ${file}` };
    },
  );
}

async function showOne(account: DeskAccount, { desk, flags, context }: Session): Promise<Outcome> {
  const asks = flags.offline !== true && account.state !== 'disabled' && account.state !== 'unusable';
  const quota = asks ? await told(() => desk.quota(account.id)) : {};
  const models = asks ? await told(() => desk.models(account.id)) : {};
  const lines = [
    ...accountLines(account, context.now()),
    ...section('quota', quota, (readings) => quotaLines(readings, context.now())),
    ...section('models', models, modelLines),
  ];
  return { ok: true, line: lines.join('\n'), json: { account, quota: quota.value, models: models.value } };
}

interface Told<T> {
  readonly value?: T;
  readonly error?: string;
}

async function told<T extends readonly QuotaReading[] | DeskModels>(
  ask: () => Promise<T | undefined>,
): Promise<Told<T>> {
  try {
    const value = await ask();
    return value === undefined ? {} : { value };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

function section<T>(
  name: string,
  { value, error }: Told<T>,
  lines: (value: T) => readonly string[],
): readonly string[] {
  const label = `${name}:`.padEnd(12);
  if (error !== undefined) return [`${label}not told: ${error}`];
  return value === undefined ? [] : lines(value).map((line, index) => (index === 0 ? label : ' '.repeat(12)) + line);
}

/** Models, a few to a line. */
export function modelLines({ ids, isLive }: DeskModels): readonly string[] {
  const head = isLive ? `${ids.length} told by the provider` : `${ids.length} from the catalogue`;
  return [head, ...ids];
}

async function refreshOne({ id, label }: DeskAccount, { desk }: Session): Promise<Outcome> {
  const { expiresAt } = await desk.refresh(id);
  return { ok: true, line: `${label} has a new token${expiresAt === undefined ? '' : ` until ${expiresAt}`}` };
}

async function testOne({ id, label }: DeskAccount, { desk, flags }: Session): Promise<Outcome> {
  const { isOk, model, message, tookMs } = await desk.test(id, flags.model);
  const through = model === undefined ? '' : ` with ${model}`;
  const line = isOk ? `${label}: answered${through} in ${tookMs} ms` : `${label}: failed${through}: ${message}`;
  return { ok: isOk, line, json: { model, tookMs, message } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
