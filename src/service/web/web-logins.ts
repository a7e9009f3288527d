import { join } from 'node:path';
import { createLoginSessions, type LoginSession } from '../../auth/login-sessions.ts';
import type { Clock } from '../../clock.ts';
import { ProxyError } from '../../errors.ts';
import type { SavedLogin, WebLogin, WebLogins, WebLoginWish, WebProvider } from '../../management/logins/web-logins.ts';
import type { Environment } from '../../upstream/proxy-environment.ts';
import type { Logins, StartedLogin } from '../logins.ts';
import type { SavedAccount } from '../save-account.ts';
import type { Forwarders } from './callback-forwarder.ts';
import { webProviders } from './web-providers.ts';

/** What logins of the web are wired to. */
export interface WebLoginsOptions {
  readonly logins: Logins;
  readonly clock: Clock;
  readonly env: Environment;
  /** Where accounts lie. */
  readonly directory: string;
  readonly forwarders: Forwarders;
  /** Where browsers on this machine reach the gateway; undefined: it does not listen. */
  readonly origin: () => string | undefined;
  /** An error that is ours. */
  failed(error: unknown): void;
}

/** What is known of a session beyond its state. */
interface Known extends Pick<WebLogin, 'provider' | 'flow' | 'url' | 'userCode' | 'expiresAtMs'> {
  saved?: SavedLogin;
}

/** A person waits for the answer. */
const BRING_TIMEOUT_MS = 60_000;

/** No login is under way. */
export function createWebLogins(options: WebLoginsOptions): WebLogins & { close(): void } {
  return new Web(options);
}

class Web implements WebLogins {
  readonly providers: readonly WebProvider[];
  readonly #options: WebLoginsOptions;
  readonly #sessions: ReturnType<typeof createLoginSessions>;
  readonly #known = new WeakMap<LoginSession, Known>();

  constructor(options: WebLoginsOptions) {
    this.#options = options;
    this.providers = webProviders(options.logins.providers);
    this.#sessions = createLoginSessions({ clock: options.clock });
  }

  async begin(wish: WebLoginWish): Promise<WebLogin> {
    const { logins, forwarders } = this.#options;
    const provider = this.#named(wish.name);
    const method = methodOf(provider, wish.method);
    const session = await this.#sessions.open(provider.id);
    const { state, signal } = session;
    const release = (): void => forwarders.release(state);
    signal.addEventListener('abort', release, { once: true });
    try {
      if (wish.forward) await this.#listen(provider, method, state);
      const started = await logins.begin(provider.id, method, { signal, state, options: wish.options });
      this.#follow(session, provider, started);
    } catch (error) {
      release();
      this.#sessions.cancel(state);
      throw error;
    }
    const login = this.find(state);
    if (login === undefined) throw new ProxyError('client_closed', 'the login was given up');
    return login;
  }

  async #listen(provider: WebProvider, methodId: string, state: string): Promise<void> {
    const { logins, forwarders, origin } = this.#options;
    const method = logins.method(provider.id, methodId);
    if (method.type !== 'browser') return;
    const own = origin();
    if (own === undefined) throw new ProxyError('invalid_request', 'llmproxy does not listen: nothing could come back');
    const { port, path } = method.callback;
    await forwarders.hold({ port, path, target: `${own}/${provider.callbackName}/callback` }, state);
  }

  #follow(session: LoginSession, provider: WebProvider, started: StartedLogin): void {
    switch (started.type) {
      case 'browser': {
        const { url, finish } = started;
        this.#known.set(session, { provider, flow: 'browser', url, expiresAtMs: session.expiresAtMs });
        this.#settle(
          session,
          session.answer.then((answer) => finish(answer)),
        );
        return;
      }
      case 'device': {
        const { verificationUrl, completeUrl, userCode } = started;
        const url = completeUrl ?? verificationUrl;
        const expiresAtMs = Math.min(started.expiresAtMs, session.expiresAtMs);
        this.#known.set(session, { provider, flow: 'device', url, userCode, expiresAtMs });
        this.#settle(session, started.finish());
        return;
      }
      case 'secret':
      case 'file':
        throw new ProxyError('invalid_request', 'there is no page to go to for this login');
    }
  }

  #settle(session: LoginSession, account: Promise<SavedAccount>): void {
    const { forwarders, failed } = this.#options;
    account
      .then((saved) => {
        const known = this.#known.get(session);
        if (known !== undefined) known.saved = this.#savedLogin(saved);
        session.succeed();
      })
      .catch((error: unknown) => {
        session.fail(error);
        if (!(error instanceof ProxyError)) failed(error);
      })
      .finally(() => forwarders.release(session.state));
  }

  find(state: string): WebLogin | undefined {
    const session = this.#sessions.find(state);
    const known = session === undefined ? undefined : this.#known.get(session);
    if (session === undefined || known === undefined) return undefined;
    const { saved, ...login } = known;
    return { ...login, state, now: stageOf(session, saved) };
  }

  comeBack(...[state, answer, isOf]: Parameters<WebLogins['comeBack']>): ReturnType<WebLogins['comeBack']> {
    const login = this.find(state);
    if (login === undefined) return 'unknown';
    if (!isOf(login.provider)) return 'other-provider';
    if (login.flow !== 'browser' || login.now.stage !== 'waiting') return 'over';
    this.#sessions.answer(state, answer);
    return 'taken';
  }

  cancel(state: string): boolean {
    return this.#sessions.cancel(state);
  }

  async bring({ name, method, options }: Omit<WebLoginWish, 'forward'>, text: string): Promise<SavedLogin> {
    const provider = this.#named(name);
    const known = provider.methods.find(({ id }) => id === method);
    if (known?.prompt === undefined) throw new ProxyError('invalid_request', 'there is no such way to log in');
    const run = { signal: AbortSignal.timeout(BRING_TIMEOUT_MS), options };
    const started = await this.#options.logins.begin(provider.id, known.id, run);
    if (!('prompt' in started)) throw new ProxyError('invalid_request', 'there is nothing to bring for this login');
    return this.#savedLogin(await started.finish(text));
  }

  async takeOver(name: string, importId: string): Promise<readonly SavedLogin[]> {
    const { logins, env } = this.#options;
    const home = env['HOME'] || env['USERPROFILE'] || '';
    const all = await logins.findImports({ home, env, platform: process.platform }, this.#named(name).id);
    const found = all.find((one) => one.importId === importId);
    if (found === undefined) return [];
    const saved = await logins.takeOver(found, { signal: AbortSignal.timeout(BRING_TIMEOUT_MS) });
    return saved.map((account) => this.#savedLogin(account));
  }

  close(): void {
    this.#sessions.close();
    this.#options.forwarders.close();
  }

  #named(name: string): WebProvider {
    const provider = this.providers.find((one) => one.name === name);
    if (provider === undefined) throw new ProxyError('not_found', 'there is no provider of that name to log in to');
    return provider;
  }

  #savedLogin({ recordId, label, notes, record: { fields } }: SavedAccount): SavedLogin {
    const member = (key: 'email' | 'expired' | 'location' | 'projectId', name: string = key): Partial<SavedLogin> => {
      const value = fields[name];
      return typeof value === 'string' && value !== '' ? { [key]: value } : {};
    };
    const type = fields['type'];
    return {
      file: join(this.#options.directory, recordId),
      type: typeof type === 'string' ? type : '',
      label,
      notes,
      ...member('email'),
      ...member('expired'),
      ...member('location'),
      ...member('projectId', 'project_id'),
    };
  }
}

/** The usual one of those that begin with an address to go to. */
function methodOf({ methods, label }: WebProvider, wanted: string | undefined): string {
  const begins = methods.filter(({ type }) => type === 'browser' || type === 'device');
  const method = wanted === undefined ? begins[0] : begins.find(({ id }) => id === wanted);
  if (method === undefined) throw new ProxyError('invalid_request', `${label}: there is no such way to log in`);
  return method.id;
}

function stageOf({ status, isAnswered }: LoginSession, saved: SavedLogin | undefined): WebLogin['now'] {
  if (status.status === 'error') return { stage: 'failed', error: status.error };
  if (status.status === 'ok' && saved !== undefined) return { stage: 'saved', saved };
  return { stage: isAnswered ? 'taken' : 'waiting' };
}
