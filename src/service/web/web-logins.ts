import type { LoginMethod, NewAccount } from '../../auth/login.ts';
import { createLoginSessions, type LoginSession } from '../../auth/login-sessions.ts';
import type { Clock } from '../../clock.ts';
import { ProxyError } from '../../errors.ts';
import type { SavedLogin, WebLogin, WebLogins, WebLoginWish, WebProvider } from '../../management/logins/web-logins.ts';
import type { Manifest } from '../../providers/provider.ts';
import type { Forwarders } from './callback-forwarder.ts';
import { webProviders } from './web-providers.ts';

/** What a login of the web is run with. */
export interface WebLoginRun {
  readonly manifest: Manifest;
  readonly options: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What logins of the web are wired to. */
export interface WebLoginsOptions {
  readonly manifests: readonly Manifest[];
  readonly clock: Clock;
  readonly forwarders: Forwarders;
  /** Where browsers on this machine reach the gateway; undefined: it does not listen. */
  readonly origin: () => string | undefined;
  readonly engine: LoginEngine;
  /** An error that is ours. */
  failed(error: unknown): void;
}

/** Runs logins and keeps what comes of them. Throws ProxyError. */
export interface LoginEngine {
  io(run: WebLoginRun): Parameters<Extract<LoginMethod, { type: 'device' }>['begin']>[0];
  save(manifest: Manifest, account: NewAccount): Promise<SavedLogin>;
  /** Reads the logins of another program. */
  takeOver(run: WebLoginRun, importId: string): Promise<readonly SavedLogin[]>;
}

/** What is known of a session beyond its state. */
interface Known extends Pick<WebLogin, 'provider' | 'flow' | 'url' | 'userCode' | 'expiresAtMs'> {
  saved?: SavedLogin;
}

/** No login is under way. */
export function createWebLogins(options: WebLoginsOptions): WebLogins & { close(): void } {
  return new Logins(options);
}

/** A person waits for the answer. */
const BRING_TIMEOUT_MS = 60_000;

class Logins implements WebLogins {
  readonly providers: readonly WebProvider[];
  readonly #options: WebLoginsOptions;
  readonly #sessions: ReturnType<typeof createLoginSessions>;
  readonly #known = new WeakMap<LoginSession, Known>();

  constructor(options: WebLoginsOptions) {
    this.#options = options;
    this.providers = webProviders(options.manifests);
    this.#sessions = createLoginSessions({ clock: options.clock });
  }

  async begin({ name, method: id, options, forward }: WebLoginWish): Promise<WebLogin> {
    const { provider, manifest } = this.#named(name);
    const method = methodOf(manifest, id);
    const session = await this.#sessions.open(manifest.id);
    try {
      const run = { manifest, options, signal: session.signal };
      await this.#start(session, provider, method, run, forward);
    } catch (error) {
      this.#options.forwarders.release(session.state);
      this.#sessions.cancel(session.state);
      throw error;
    }
    const login = this.find(session.state);
    if (login === undefined) throw new ProxyError('client_closed', 'the login was given up');
    return login;
  }

  async #start(
    session: LoginSession,
    provider: WebProvider,
    method: LoginMethod,
    run: WebLoginRun,
    forward: boolean,
  ): Promise<void> {
    const { engine, forwarders } = this.#options;
    const io = engine.io(run);
    if (method.type === 'device') {
      const { verificationUrl, completeUrl, userCode, expiresAtMs, finish } = await method.begin(io);
      const url = completeUrl ?? verificationUrl;
      const ends = Math.min(expiresAtMs, session.expiresAtMs);
      this.#known.set(session, { provider, flow: 'device', url, userCode, expiresAtMs: ends });
      this.#settle(session, run.manifest, finish());
      return;
    }
    if (method.type !== 'browser') throw new ProxyError('invalid_request', `${method.id}: there is no page to go to`);
    const { host, port, path } = method.callback;
    if (forward) await forwarders.hold({ port, path, target: this.#target(provider) }, session.state);
    const { url, finish } = await method.begin(io, `http://${host}:${port}${path}`, session.state);
    this.#known.set(session, { provider, flow: 'browser', url, expiresAtMs: session.expiresAtMs });
    const account = session.answer.then(({ code = '' }) => finish(code));
    this.#settle(session, run.manifest, account);
  }

  #target({ callbackName }: WebProvider): string {
    const origin = this.#options.origin();
    if (origin === undefined)
      throw new ProxyError('invalid_request', 'llmproxy does not listen: there is nowhere to return to');
    return `${origin}/${callbackName}/callback`;
  }

  #settle(session: LoginSession, manifest: Manifest, account: Promise<NewAccount>): void {
    const { engine, forwarders, failed } = this.#options;
    const save = async (): Promise<void> => {
      const got = await account;
      // Whoever gave it up must not find it saved.
      session.signal.throwIfAborted();
      const saved = await engine.save(manifest, got);
      const known = this.#known.get(session);
      if (known !== undefined) known.saved = saved;
      session.succeed();
    };
    save()
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

  async bring({ name, method: id, options }: Omit<WebLoginWish, 'forward'>, text: string): Promise<SavedLogin> {
    const { manifest } = this.#named(name);
    const method = manifest.account?.logins?.find((one) => one.id === id);
    if (method === undefined || !('prompt' in method)) throw new ProxyError('invalid_request', 'no such way to log in');
    const { engine } = this.#options;
    const io = engine.io({ manifest, options, signal: AbortSignal.timeout(BRING_TIMEOUT_MS) });
    return engine.save(manifest, await method.finish(io, text));
  }

  async takeOver(name: string, importId: string): Promise<readonly SavedLogin[]> {
    const { manifest } = this.#named(name);
    const run = { manifest, options: {}, signal: AbortSignal.timeout(BRING_TIMEOUT_MS) };
    return this.#options.engine.takeOver(run, importId);
  }

  close(): void {
    this.#sessions.close();
    this.#options.forwarders.close();
  }

  #named(name: string): { readonly provider: WebProvider; readonly manifest: Manifest } {
    const provider = this.providers.find((one) => one.name === name);
    const manifest = this.#options.manifests.find(({ id }) => id === provider?.id);
    if (provider === undefined || manifest === undefined) throw new ProxyError('not_found', 'no such provider');
    return { provider, manifest };
  }
}

function methodOf({ account, id }: Manifest, wanted: string | undefined): LoginMethod {
  const methods = (account?.logins ?? []).filter(({ type }) => type === 'browser' || type === 'device');
  const method = wanted === undefined ? methods[0] : methods.find((one) => one.id === wanted);
  if (method === undefined) throw new ProxyError('invalid_request', `${id}: no such way to log in`);
  return method;
}

function stageOf({ status, isAnswered }: LoginSession, saved: SavedLogin | undefined): WebLogin['now'] {
  if (status.status === 'error') return { stage: 'failed', error: status.error };
  if (status.status === 'ok' && saved !== undefined) return { stage: 'saved', saved };
  return { stage: isAnswered ? 'taken' : 'waiting' };
}
