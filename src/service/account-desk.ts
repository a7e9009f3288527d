import type { AccountFields, QuotaReading } from '../auth/login.ts';
import { accountDirectory } from '../config/account-directory.ts';
import { configuredClient } from '../config/oauth-clients.ts';
import type { LoadedConfig } from '../config/parse.ts';
import { accountCredential } from '../credentials/account-record.ts';
import { FieldReader } from '../credentials/field-reader.ts';
import { userSettings } from '../credentials/user-settings.ts';
import { ProxyError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import type { AccountIo, AccountRules, Manifest } from '../providers/provider.ts';
import type { CredentialRecord, CredentialRecords, RecordProblem } from '../storage/ports.ts';
import { createFetch } from '../upstream/fetch.ts';
import type { Environment } from '../upstream/proxy-environment.ts';
import { isElsewhere } from './account-questions.ts';
import { type AccountTest, testAccount } from './account-test.ts';
import { type DeskAccount, deskAccount, manifestOf } from './desk-account.ts';
import { createLogins, type FoundLogin, type LoginRun, type Logins } from './logins.ts';
import { type AccountStore, openAccounts } from './open-accounts.ts';
import { renewNow } from './renew-now.ts';
import { type LocalLogin, type LocalLoginRun, runLogin } from './run-login.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import type { SavedAccount } from './save-account.ts';

/** All accounts of a store. */
export interface DeskListing {
  /** By provider and label. */
  readonly accounts: readonly DeskAccount[];
  /** Files that cannot be read. */
  readonly problems: readonly RecordProblem[];
}

/** The owner's words for an account; what is absent stays. */
export interface OwnersWords {
  readonly label?: string;
  readonly note?: string;
  /** Clients may ask for `prefix/model`. */
  readonly prefix?: string;
}

/** Which models an account can use. */
export interface DeskModels {
  readonly ids: readonly string[];
  /** Its provider was asked; false: the catalogue says so. */
  readonly isLive: boolean;
}

/**
 * Looks after the accounts of a store, with or without a running gateway: that one notices every change by itself.
 * Methods throw ProxyError: `not_found` for an account that is not there, `storage_failed`, what the provider says.
 */
export interface AccountDesk {
  /** Where the accounts lie. */
  readonly directory: string;
  list(): Promise<DeskListing>;
  /**
   * The account of that file (with or without `.json`), credential id or label. Throws `not_found`, and
   * `invalid_request` when several are called so.
   */
  find(name: string): Promise<DeskAccount>;
  /** Switches an account off or on. */
  setDisabled(id: string, isDisabled: boolean): Promise<DeskAccount>;
  remove(id: string): Promise<void>;
  /** Has its provider give it new tokens, whether the present ones have ended or not. */
  refresh(id: string): Promise<DeskAccount>;
  /** What its provider says is left of the plan; undefined: this provider says nothing. */
  quota(id: string): Promise<readonly QuotaReading[] | undefined>;
  models(id: string): Promise<DeskModels>;
  /** Sends one small request through it. */
  test(id: string, model?: string): Promise<AccountTest>;
  /** Begins a login by one of its provider's ways. */
  logIn(provider: string, way: string, run: LocalLoginRun): Promise<LocalLogin>;
  describe(id: string, words: OwnersWords): Promise<DeskAccount>;
  /** Logins of other programs in this home directory, of one provider or of all. */
  findImports(provider?: string): Promise<readonly FoundLogin[]>;
  /** Takes over what another program has; none: there is no login in its files. */
  takeOver(found: FoundLogin, run: LoginRun): Promise<readonly SavedAccount[]>;
  close(): Promise<void>;
}

/** What a desk is opened with. */
export interface AccountDeskOptions {
  readonly config: LoadedConfig;
  /** Keys, proxies and the home directory are read from here. */
  readonly env: Environment;
}

const QUESTION_TIMEOUT_MS = 20_000;
const TRIES = 8;

/** Opens the accounts that a configuration names. Throws `invalid_config` without a place for them. */
export async function openAccountDesk({ config: loaded, env }: AccountDeskOptions): Promise<AccountDesk> {
  // What there is to tell is in the answers.
  const config = { ...loaded.config, 'log-level': 'silent' as const };
  const directory = accountDirectory(config, env);
  if (directory === undefined) throw new ProxyError('invalid_config', 'auth-dir: there is no home directory');
  const runtime = openRuntime(config, env);
  const store = await openAccounts(config, runtime);
  if (store === undefined) throw new ProxyError('invalid_config', 'auth-dir: there is no home directory');
  return new Desk({ directory, loaded: { ...loaded, config }, runtime, store });
}

interface DeskParts {
  readonly directory: string;
  readonly loaded: LoadedConfig;
  readonly runtime: Runtime;
  readonly store: AccountStore;
}

class Desk implements AccountDesk {
  readonly directory: string;
  readonly #parts: DeskParts;
  readonly #records: CredentialRecords;

  readonly #logins: Logins;

  constructor(parts: DeskParts) {
    const { loaded, runtime, store } = parts;
    this.directory = parts.directory;
    this.#parts = parts;
    this.#records = store.records;
    this.#logins = createLogins({
      records: store.records,
      manifests: providers,
      clock: runtime.clock,
      fetchFor: (proxyUrl) => createFetch(() => runtime.upstreams.of(loaded.config).dispatchers, proxyUrl),
      clientOf: (provider) => configuredClient(provider, loaded.config, runtime.env),
    });
  }

  async list(): Promise<DeskListing> {
    const { records, problems } = await this.#records.list();
    const accounts = records.map((record) => this.#account(record));
    return { accounts: accounts.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)), problems };
  }

  async find(name: string): Promise<DeskAccount> {
    const { accounts } = await this.list();
    const [first, ...others] = bestMatches(name, accounts);
    if (first === undefined) throw new ProxyError('not_found', `there is no account ${shown(name)}`);
    if (others.length === 0) return first;
    const files = [first, ...others].map(({ id }) => id).join(', ');
    throw new ProxyError('invalid_request', `several accounts are called ${shown(name)}, name the file: ${files}`);
  }

  setDisabled(id: string, isDisabled: boolean): Promise<DeskAccount> {
    return this.#change(id, ({ disabled: _, ...fields }) => (isDisabled ? { ...fields, disabled: true } : fields));
  }

  describe(id: string, words: OwnersWords): Promise<DeskAccount> {
    return this.#change(id, (fields) => ({ ...fields, ...words }));
  }

  logIn(provider: string, way: string, run: LocalLoginRun): Promise<LocalLogin> {
    return runLogin(this.#logins, provider, way, run);
  }

  findImports(provider?: string): Promise<readonly FoundLogin[]> {
    const { env } = this.#parts.runtime;
    const home = env['HOME'] || env['USERPROFILE'] || '';
    return this.#logins.findImports({ home, env, platform: process.platform }, provider);
  }

  takeOver(found: FoundLogin, run: LoginRun): Promise<readonly SavedAccount[]> {
    return this.#logins.takeOver(found, run);
  }

  async #change(id: string, change: (fields: AccountFields) => AccountFields): Promise<DeskAccount> {
    for (let tries = 0; tries < TRIES; tries++) {
      const record = await this.#record(id);
      const next = change(record.fields);
      const written = await this.#records.write(id, next, record.revision);
      if (written !== undefined) return this.#account(written);
    }
    throw new ProxyError('storage_failed', `${id} changes all the time`);
  }

  async remove(id: string): Promise<void> {
    if (!(await this.#records.delete(id))) throw notFound(id);
  }

  async refresh(id: string): Promise<DeskAccount> {
    const record = await this.#record(id);
    const { rules, manifest } = this.#rulesOf(record);
    if (rules?.refresh === undefined)
      throw new ProxyError('invalid_request', `tokens of ${manifest?.label ?? 'this account'} cannot be renewed`);
    return this.#account(await renewNow(record, this.#parts.store));
  }

  async quota(id: string): Promise<readonly QuotaReading[] | undefined> {
    const known = await this.#record(id);
    const { rules, manifest } = this.#rulesOf(known);
    if (manifest === undefined || rules?.quota === undefined || !this.#mayAsk(known, manifest)) return undefined;
    const record = await this.#fresh(id);
    const readings = await rules.quota(record.fields, this.#io(record, manifest.id));
    return readings.length === 0 ? undefined : readings;
  }

  async models(id: string): Promise<DeskModels> {
    const stored = await this.#record(id);
    const { rules, manifest } = this.#rulesOf(stored);
    if (manifest !== undefined && rules?.listModels !== undefined && this.#mayAsk(stored, manifest)) {
      const record = await this.#fresh(id);
      const found = await rules.listModels(record.fields, this.#io(record, manifest.id));
      if (found.length > 0) return { ids: found.map((model) => model.id), isLive: true };
    }
    const { plan } = this.#account(await this.#record(id));
    const known = rules?.models?.(plan) ?? manifest?.models ?? [];
    return { ids: known.map((model) => model.id), isLive: false };
  }

  async test(id: string, model?: string): Promise<AccountTest> {
    const { loaded, runtime, store } = this.#parts;
    const { state, message } = this.#account(await this.#record(id));
    if (state === 'unusable' || state === 'disabled')
      return { isOk: false, model, tookMs: 0, message: message ?? `it is ${state}` };
    await store.accounts.sync();
    return testAccount(id, model, { loaded, runtime, accounts: store.accounts });
  }

  async close(): Promise<void> {
    await this.#parts.store.close();
    await this.#parts.runtime.close();
  }

  #account(record: CredentialRecord): DeskAccount {
    return deskAccount(record, this.directory, this.#parts.runtime.clock.now());
  }

  async #record(id: string): Promise<CredentialRecord> {
    const record = await this.#records.read(id);
    if (record === undefined) throw notFound(id);
    return record;
  }

  /** A plain key, or a token for another server, is none of the vendor's business. */
  #mayAsk(record: CredentialRecord, manifest: Manifest): boolean {
    const reading = accountCredential(record, providers);
    const isLogin = reading.state !== 'ready' || reading.credentials[0].kind === 'account';
    const baseUrl = new FieldReader(record.fields, () => undefined).text('base_url');
    return isLogin && !isElsewhere(baseUrl, manifest);
  }

  /** With a token that has not ended, where that can be had. */
  async #fresh(id: string): Promise<CredentialRecord> {
    const record = await this.#record(id);
    const { state, isRenewable } = this.#account(record);
    if (!isRenewable || (state !== 'expired' && state !== 'no-token')) return record;
    await this.refresh(id);
    return this.#record(id);
  }

  #io({ fields }: CredentialRecord, provider: string): AccountIo {
    const { loaded, runtime } = this.#parts;
    const settings = userSettings(new FieldReader(fields, () => undefined));
    // Without its proxy the account would show another address than its owner wants.
    if ('problem' in settings) throw new ProxyError('invalid_request', settings.problem);
    return {
      fetch: createFetch(() => runtime.upstreams.of(loaded.config).dispatchers, settings.members.proxyUrl),
      nowMs: runtime.clock.now(),
      signal: AbortSignal.timeout(QUESTION_TIMEOUT_MS),
      client: configuredClient(provider, loaded.config, runtime.env),
    };
  }

  #rulesOf(record: CredentialRecord): {
    readonly rules: AccountRules | undefined;
    readonly manifest: Manifest | undefined;
  } {
    const manifest = manifestOf(record);
    return { rules: manifest?.account, manifest };
  }
}

/** An exact name first; case does not matter otherwise. */
function bestMatches(name: string, accounts: readonly DeskAccount[]): readonly DeskAccount[] {
  const wanted = name.toLowerCase();
  const files = accounts.filter(({ id }) => id === name || id === `${name}.json`);
  if (files.length > 0) return files;
  return accounts.filter(
    ({ id, label, provider }) =>
      [id, label, `${provider}/${label}`].some((known) => known.toLowerCase() === wanted) ||
      id.toLowerCase() === `${wanted}.json`,
  );
}

function sortKey({ provider = '', label, id }: DeskAccount): string {
  return `${provider} ${label} ${id}`;
}

function notFound(id: string): ProxyError {
  return new ProxyError('not_found', `there is no account ${shown(id)}`);
}

/** Whatever was typed, in one line. */
function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
}
