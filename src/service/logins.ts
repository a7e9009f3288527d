import { answerError, type CallbackAnswer } from '../auth/callback-answer.ts';
import { redirectUriOf } from '../auth/callback-server.ts';
import { existingFiles, programFile, readImportFiles } from '../auth/import-files.ts';
import type {
  BrowserLogin,
  Choice,
  DeviceStart,
  ImportPlaces,
  LoginIo,
  LoginMethod,
  NewAccount,
  OauthClient,
  SecretLogin,
} from '../auth/login.ts';
import { createState } from '../auth/pkce.ts';
import { isSameSecret } from '../auth/same-secret.ts';
import type { Clock } from '../clock.ts';
import { ProxyError } from '../errors.ts';
import type { Manifest } from '../providers/provider.ts';
import type { CredentialRecords } from '../storage/ports.ts';
import { type AccountToSave, type SavedAccount, saveAccount } from './save-account.ts';

/** What a login is run with. */
export interface LoginRun {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** See `LoginIo.options`. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  /** The account's own proxy, which the login goes through as well: a URL, or `direct`. */
  readonly proxyUrl?: string | undefined;
  progress?(line: string): void;
  choose?(question: string, choices: readonly Choice[]): Promise<string>;
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/** What a login with the browser is begun with. */
export interface BrowserRun extends LoginRun {
  /** Of the session; absent: a new random one. */
  readonly state?: string | undefined;
  /** Where the callback is listened to, if not at the registered port; see `redirectUriOf`. */
  readonly port?: number | undefined;
}

/** A login that has begun. */
export type StartedLogin = StartedBrowser | StartedDevice | StartedSecret;

/** It waits for the browser. */
export interface StartedBrowser {
  readonly type: 'browser';
  readonly url: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly callback: BrowserLogin['callback'];
  /**
   * With what the browser came back with, or the person pasted. Throws ProxyError: a refusal, a wrong state, what the
   * provider says.
   */
  finish(answer: CallbackAnswer): Promise<SavedAccount>;
}

/** It waits for the person. */
export interface StartedDevice extends Omit<DeviceStart, 'finish'> {
  readonly type: 'device';
  finish(): Promise<SavedAccount>;
}

/** It waits for what the person brings. */
export interface StartedSecret extends Pick<SecretLogin, 'type' | 'prompt'> {
  finish(text: string): Promise<SavedAccount>;
}

/** The login of another program, found on this machine. */
export interface FoundLogin {
  readonly provider: string;
  readonly importId: string;
  /** Name of the program. */
  readonly label: string;
  readonly paths: readonly string[];
}

/** Logs people in and keeps the accounts; with or without a running gateway. Methods throw ProxyError. */
export interface Logins {
  /** Providers that one can log in to, or whose logins can be taken over. */
  readonly providers: readonly Manifest[];
  /** The method of that id, the usual one without. Throws `not_found`. */
  method(provider: string, id?: string): LoginMethod;
  begin(provider: string, method: string | undefined, run: BrowserRun): Promise<StartedLogin>;
  /** What a method is run with, for those who run one themselves. */
  io(provider: string, run: LoginRun): LoginIo;
  /** Keeps what came of it. */
  save(provider: string, account: NewAccount, proxyUrl?: string): Promise<SavedAccount>;
  /** Logins of other programs, of one provider or of all. */
  findImports(places: ImportPlaces, provider?: string): Promise<readonly FoundLogin[]>;
  /** Takes over what a program has; none: there is no login in its files. */
  takeOver(found: FoundLogin, run: LoginRun): Promise<readonly SavedAccount[]>;
}

/** What logins are wired to. */
export interface LoginsOptions {
  readonly records: CredentialRecords;
  readonly manifests: readonly Manifest[];
  readonly clock: Clock;
  /** `undefined`: as the configuration and the environment say. */
  fetchFor(proxyUrl: string | undefined): typeof fetch;
  /** What `oauth-clients` or the environment says. */
  clientOf(provider: string): OauthClient | undefined;
  /** An account was written. */
  saved?(account: SavedAccount): void;
}

/** No login is under way. */
export function createLogins(options: LoginsOptions): Logins {
  const { records, clock } = options;
  const providers = options.manifests.filter(
    ({ account }) => (account?.logins ?? []).length + (account?.imports ?? []).length > 0,
  );
  const named = (id: string): Manifest => {
    const manifest = providers.find((one) => one.id === id);
    if (manifest === undefined) throw new ProxyError('not_found', 'there is no provider of that name to log in to');
    return manifest;
  };
  const keep = async (wish: AccountToSave): Promise<SavedAccount> => {
    const saved = await saveAccount(wish);
    options.saved?.(saved);
    return saved;
  };
  const logins: Logins = {
    providers,
    method: (provider, id) => methodOf(named(provider), id),
    io: (provider, run) => ({
      fetch: options.fetchFor(checkedProxy(run.proxyUrl)),
      now: () => clock.now(),
      signal: run.signal,
      client: options.clientOf(provider),
      progress: (line) => run.progress?.(line),
      ...(run.choose && { choose: run.choose.bind(run) }),
      ...(run.wait && { wait: run.wait.bind(run) }),
      options: run.options ?? {},
    }),
    save: (provider, account, proxyUrl) => keep({ records, provider, account, proxyUrl }),
    async begin(provider, id, run) {
      const method = logins.method(provider, id);
      const io = logins.io(provider, run);
      const keepIfWanted = async (account: NewAccount): Promise<SavedAccount> => {
        // Whoever gave it up must not find it saved.
        run.signal.throwIfAborted();
        return logins.save(provider, account, run.proxyUrl);
      };
      return start(method, { io, run, keep: keepIfWanted });
    },
    async findImports(places, provider) {
      const wanted = provider === undefined ? providers : [named(provider)];
      const found = wanted.map(({ id, account }) => findLogins(id, account?.imports ?? [], places));
      return (await Promise.all(found)).flat();
    },
    async takeOver({ provider, importId, paths }, run) {
      const program = named(provider).account?.imports?.find(({ id }) => id === importId);
      if (program === undefined) throw new ProxyError('not_found', `no login of that program can be taken over`);
      const accounts = await program.read(await readImportFiles(paths), logins.io(provider, run));
      const saved: SavedAccount[] = [];
      for (const account of accounts)
        saved.push(await keep({ records, provider, account, proxyUrl: run.proxyUrl, isTakenOver: true }));
      return saved;
    },
  };
  return logins;
}

interface Start {
  readonly io: LoginIo;
  readonly run: BrowserRun;
  keep(account: NewAccount): Promise<SavedAccount>;
}

async function start(method: LoginMethod, { io, run, keep }: Start): Promise<StartedLogin> {
  switch (method.type) {
    case 'browser':
      return startBrowser(method, { io, run, keep });
    case 'device': {
      const started = await method.begin(io);
      return { ...started, type: 'device', finish: async () => keep(await started.finish()) };
    }
    case 'secret':
    case 'file': {
      const { type, prompt } = method;
      return { type, prompt, finish: async (text) => keep(await method.finish(io, text)) };
    }
  }
}

async function startBrowser(method: BrowserLogin, { io, run, keep }: Start): Promise<StartedBrowser> {
  const { callback } = method;
  const state = run.state ?? (await createState());
  const redirectUri = redirectUriOf(callback, run.port);
  const started = await method.begin(io, redirectUri, state);
  let isTaken = false;
  return {
    type: 'browser',
    url: started.url,
    state,
    redirectUri,
    callback,
    async finish(answer) {
      // A bare code was typed by the person who began the login; whatever names a login must name this one.
      if (answer.state !== undefined && !isSameSecret(answer.state, state))
        throw new ProxyError('invalid_request', 'that is the answer to another login; begin again');
      const refused = answerError(answer);
      if (refused !== undefined) throw refused;
      if (isTaken) throw new ProxyError('invalid_request', 'this login is complete already', { status: 409 });
      isTaken = true;
      return keep(await started.finish(answer.code ?? ''));
    },
  };
}

function methodOf({ id: provider, account }: Manifest, id: string | undefined): LoginMethod {
  const methods = account?.logins ?? [];
  const method = id === undefined ? methods[0] : methods.find((one) => one.id === id);
  if (method !== undefined) return method;
  const known = methods.map((one) => one.id).join(', ');
  throw new ProxyError('not_found', `${provider} has no such login; there are: ${known || 'none'}`);
}

async function findLogins(
  provider: string,
  programs: NonNullable<NonNullable<Manifest['account']>['imports']>,
  places: ImportPlaces,
): Promise<FoundLogin[]> {
  const found = programs.map(async (program): Promise<FoundLogin[]> => {
    const logins = await existingFiles(program.files(places));
    if (logins.length === 0) return [];
    const code = await programFile(program.program?.files(places) ?? [], program.program?.words ?? '');
    const paths = code === undefined ? logins : [...logins, code];
    return [{ provider, importId: program.id, label: program.label, paths }];
  });
  return (await Promise.all(found)).flat();
}

function checkedProxy(proxyUrl: string | undefined): string | undefined {
  if (proxyUrl === undefined || proxyUrl === 'direct') return proxyUrl;
  const { protocol = '', hostname = '' } = URL.parse(proxyUrl) ?? {};
  if (/^(https?|socks5h?):$/.test(protocol) && hostname !== '') return proxyUrl;
  throw new ProxyError('invalid_request', 'the proxy is no http, https, socks5 or socks5h URL');
}
