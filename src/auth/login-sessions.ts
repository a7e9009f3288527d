import { hash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ProxyError } from '../errors.ts';
import { answerError, type CallbackAnswer } from './callback-answer.ts';
import { createState } from './pkce.ts';
import { isSameSecret } from './same-secret.ts';

/** How far a login is, as control panels are told. */
export type LoginStatus =
  | { readonly status: 'wait' }
  | { readonly status: 'device_code'; readonly verification_url: string; readonly user_code: string }
  | { readonly status: 'auth_url'; readonly url: string }
  | { readonly status: 'ok' }
  | { readonly status: 'error'; readonly error: string };

/** A login that somebody waits for. */
export interface LoginSession {
  /** Names it; known to nobody but those who began it and the provider. Of `A-Za-z0-9._-` only. */
  readonly state: string;
  readonly provider: string;
  readonly expiresAtMs: number;
  readonly status: LoginStatus;
  /** Ends with the session: cancelled, out of time, closed. */
  readonly signal: AbortSignal;
  /** What the browser came back with: a code. Rejects with ProxyError for a refusal, and when the session ends. */
  readonly answer: Promise<CallbackAnswer>;
  /** The browser came back, and the account is being fetched. */
  readonly isAnswered: boolean;
  /** While it goes on; later it changes nothing. */
  show(status: LoginStatus): void;
  succeed(): void;
  /** The words of anything but a ProxyError are not repeated. */
  fail(error: unknown): void;
}

/** Logins under way, or over for less than a minute; in memory only. */
export interface LoginSessions {
  open(provider: string): Promise<LoginSession>;
  /** Undefined: there is none, or none any more. */
  find(state: string): LoginSession | undefined;
  /**
   * What the browser came back with. Throws ProxyError: 404 for a login that there is not, 409 for one that is
   * answered or over.
   */
  answer(state: string, answer: CallbackAnswer): void;
  /** Ends one under way; false when there is none. */
  cancel(state: string): boolean;
  /** Ends all of them. */
  close(): void;
}

/** How long logins live, and how many. */
export interface LoginSessionsOptions {
  readonly clock: Clock;
  readonly lifeMs?: number;
  /** One that is over can be asked about for so long. */
  readonly finishedMs?: number;
  readonly maxSessions?: number;
}

const LIFE_MS = 30 * 60_000;
const FINISHED_MS = 60_000;
const MAX_SESSIONS = 300;
const ENDED = 'the login was ended before it was complete';

/** Whether a text can name a session; anything else is not looked up. */
export function isState(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,128}$/.test(text);
}

/** Knows none yet. */
export function createLoginSessions(options: LoginSessionsOptions): LoginSessions {
  const { clock, lifeMs = LIFE_MS, finishedMs = FINISHED_MS, maxSessions = MAX_SESSIONS } = options;
  /** By digest: how long a search takes says nothing of the states there are. */
  const sessions = new Map<string, Session>();

  function drop(session: Session): void {
    sessions.delete(digest(session.state));
    session.end(ENDED);
    clearTimeout(session.timer);
  }
  function sweep(): void {
    for (const session of [...sessions.values()]) if (session.forgetAtMs <= clock.now()) drop(session);
  }
  function find(state: string): Session | undefined {
    sweep();
    const session = isState(state) ? sessions.get(digest(state)) : undefined;
    return session !== undefined && isSameSecret(session.state, state) ? session : undefined;
  }

  return {
    async open(provider) {
      const state = await createState();
      sweep();
      const [oldest] = [...sessions.values()].toSorted((a, b) => Number(a.isUnderWay) - Number(b.isUnderWay));
      if (sessions.size >= maxSessions && oldest !== undefined) drop(oldest);
      const session: Session = new Session(state, provider, clock.now() + lifeMs, () => {
        session.forgetAtMs = clock.now() + finishedMs;
        later(finishedMs);
      });
      const later = (ms: number): void => {
        clearTimeout(session.timer);
        session.timer = setTimeout(() => drop(session), ms).unref();
      };
      sessions.set(digest(state), session);
      later(lifeMs);
      return session;
    },
    find,
    answer(state, answer) {
      const session = find(state);
      if (session === undefined)
        throw new ProxyError('not_found', 'there is no such login, or it took too long; begin it again');
      if (!session.take(answer))
        throw new ProxyError('invalid_request', 'this login is complete already', { status: 409 });
    },
    cancel(state) {
      const session = find(state);
      if (session === undefined || !session.isUnderWay) return false;
      drop(session);
      return true;
    },
    close() {
      for (const session of [...sessions.values()]) drop(session);
    },
  };
}

class Session implements LoginSession {
  readonly state: string;
  readonly provider: string;
  readonly expiresAtMs: number;
  forgetAtMs: number;
  timer: NodeJS.Timeout | undefined;
  #status: LoginStatus = { status: 'wait' };
  readonly #ending = new AbortController();
  readonly #answer = Promise.withResolvers<CallbackAnswer>();
  readonly #finished: () => void;
  isAnswered = false;
  isUnderWay = true;

  constructor(state: string, provider: string, expiresAtMs: number, finished: () => void) {
    this.state = state;
    this.provider = provider;
    this.expiresAtMs = expiresAtMs;
    this.forgetAtMs = expiresAtMs;
    this.#finished = finished;
    // A login with a code has nobody who waits for it.
    this.#answer.promise.catch(() => undefined);
  }

  get status(): LoginStatus {
    return this.#status;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  get answer(): Promise<CallbackAnswer> {
    return this.#answer.promise;
  }

  /** False: it has one, or is over. */
  take(answer: CallbackAnswer): boolean {
    if (!this.isUnderWay || this.isAnswered) return false;
    this.isAnswered = true;
    this.#status = { status: 'wait' };
    const error = answerError(answer);
    if (error === undefined) this.#answer.resolve(answer);
    else {
      this.#answer.reject(error);
      this.fail(error);
    }
    return true;
  }

  show(status: LoginStatus): void {
    if (this.isUnderWay) this.#status = status;
  }

  succeed(): void {
    this.#finish({ status: 'ok' });
  }

  fail(error: unknown): void {
    const words = error instanceof ProxyError ? error.message : 'internal error; see the log of llmproxy for details';
    this.#finish({ status: 'error', error: words });
  }

  /** Ends what waits for it. */
  end(words: string): void {
    const error = new ProxyError('client_closed', words);
    this.isUnderWay = false;
    this.#answer.reject(error);
    this.#ending.abort(error);
  }

  #finish(status: LoginStatus): void {
    if (!this.isUnderWay) return;
    this.isUnderWay = false;
    this.#status = status;
    this.#finished();
  }
}

function digest(state: string): string {
  return hash('sha256', state);
}
