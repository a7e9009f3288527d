import { relative, sep } from 'node:path';
import type { Config } from '../config/schema.ts';
import { watchFolder } from '../config/watch-folder.ts';
import { providers } from '../providers/index.ts';
import type { CredentialRecords } from '../storage/ports.ts';
import { type AccountQuestions, createAccountQuestions } from './account-questions.ts';
import { openAccountRecords } from './account-records.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import type { Runtime } from './runtime.ts';
import type { Current } from './snapshot.ts';
import { createTokenRenewal, type TokenRenewal } from './token-renewal.ts';

/** The accounts of this process and where they lie. */
export interface AccountStore {
  /** Where they lie. */
  readonly directory: string;
  readonly accounts: Accounts;
  readonly records: CredentialRecords;
  readonly tokens: Pick<TokenRenewal, 'statuses'>;
  readonly questions: Pick<AccountQuestions, 'quotas' | 'stateSources'>;
  /** Follows changes that others make to the store, and keeps tokens fresh, until it is closed. */
  watch(current: Current): void;
  close(): Promise<void>;
}

/** Changes within this time are read together. */
const DEBOUNCE_MS = 500;
/** After so long they are read though more come: of a thousand files changes are told one by one. */
const LONGEST_WAIT_MS = 2000;

/** Opens the store and reads every account. Undefined without a place for accounts. */
export async function openAccounts(config: Config, runtime: Runtime): Promise<AccountStore | undefined> {
  const { clock, env, logger, redactor, manager } = runtime;
  const warn = (message: string): void => logger.warn({}, message);
  const opened = await openAccountRecords({ config, env, clock, warn });
  if (opened === undefined) return undefined;
  const { directory, records } = opened;
  const renewed = (id: string): void => manager.renewed(id);
  let inUse: Current | undefined;
  const tokens = createTokenRenewal({
    records,
    manifests: providers,
    runtime,
    config: () => inUse?.snapshot.config ?? config,
    renewed: (record) => accounts.changed(record.id, record),
  });
  const questions = createAccountQuestions({
    manifests: providers,
    runtime,
    config: () => inUse?.snapshot.config ?? config,
    relisted: (id) => accounts.relisted(id),
  });
  const common = { records, manifests: providers, redactor };
  const accounts: Accounts = createAccounts({ ...common, tokens, questions, renewed, warn });
  await accounts.sync();
  let close = (): void => {};
  return {
    directory,
    accounts,
    records,
    tokens,
    questions,
    watch(current) {
      inUse = current;
      tokens.start();
      questions.start();
      close = watchAccounts(directory, accounts, warn);
    },
    async close() {
      close();
      questions.close();
      await tokens.close();
      accounts.close();
      await records.close();
    },
  };
}

/** No id of a record: all of them. */
const ALL = '';
/** Later than a damaged file counts as written. */
const SETTLED_MS = 6000;

function watchAccounts(folder: string, accounts: Accounts, warn: (message: string) => void): () => void {
  const touched = new Set<string>();
  let debounce: NodeJS.Timeout | undefined;
  let firstMs = 0;
  let settle: NodeJS.Timeout | undefined;
  let known = '';
  let lastFailure = '';
  const readLater = (): void => {
    clearTimeout(settle);
    settle = setTimeout(() => void accounts.sync().then(lookAgain, failed), SETTLED_MS).unref();
  };
  /** A directory that cannot be read now may be readable soon, and no event tells of that. */
  const failed = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== lastFailure) warn(message);
    lastFailure = message;
    readLater();
  };
  /** A file that was perhaps being written is looked at once more. */
  const lookAgain = (): void => {
    lastFailure = '';
    const open = accounts.problems.filter(({ isAside }) => isAside === undefined).map(({ message }) => message);
    const now = open.sort().join('\n');
    if (now === known) return;
    known = now;
    clearTimeout(settle);
    if (now !== '') readLater();
  };
  const read = (): void => {
    const ids = [...touched];
    touched.clear();
    (ids.includes(ALL) ? accounts.sync() : accounts.reread(ids)).then(lookAgain, failed);
  };
  const note = (id: string): void => {
    if (touched.size === 0) firstMs = performance.now();
    touched.add(id);
    if (performance.now() - firstMs > LONGEST_WAIT_MS - DEBOUNCE_MS) return;
    clearTimeout(debounce);
    debounce = setTimeout(read, DEBOUNCE_MS).unref();
  };
  lookAgain();
  const watch = watchFolder({
    folder,
    touched(path) {
      if (path.endsWith('.json')) note(relative(folder, path).split(sep).join('/'));
    },
    lost: () => note(ALL),
    failed: (why) => warn(`changes of accounts in ${folder} are not noticed (${why}): send SIGHUP after a change`),
  });
  return () => {
    clearTimeout(debounce);
    clearTimeout(settle);
    watch.close();
  };
}
