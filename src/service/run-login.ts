import { type CallbackAnswer, parsePastedAnswer } from '../auth/callback-answer.ts';
import { type CallbackServer, startCallbackServer } from '../auth/callback-server.ts';
import type { BrowserLogin } from '../auth/login.ts';
import { createState } from '../auth/pkce.ts';
import { isSameSecret } from '../auth/same-secret.ts';
import { ProxyError } from '../errors.ts';
import type { LoginRun, Logins, StartedDevice, StartedSecret } from './logins.ts';
import type { SavedAccount } from './save-account.ts';

/** What a person who logs in at this machine says beforehand. */
export interface LocalLoginRun extends LoginRun {
  /** Where to listen for the browser, if not at the registered port. */
  readonly port?: number | undefined;
}

/** A login under way. */
export type LocalLogin = LocalBrowserLogin | LocalDeviceLogin | StartedSecret;

/** It waits for the browser to come back to this machine, or for the address that it ended at. */
export interface LocalBrowserLogin {
  readonly type: 'browser';
  readonly url: string;
  /** Where the provider sends the browser, to `localhost`. */
  readonly callbackPort: number;
  /** Where the browser is waited for; undefined: only a pasted address helps. */
  readonly port: number | undefined;
  /** Why nobody waits there. */
  readonly portProblem: string | undefined;
  /** Takes what the person pasted. Throws ProxyError `invalid_request` for what cannot be meant; he may try again. */
  paste(text: string): void;
  readonly done: Promise<SavedAccount>;
}

/** It waits for a code to be typed somewhere. */
export interface LocalDeviceLogin extends Omit<StartedDevice, 'finish'> {
  readonly done: Promise<SavedAccount>;
}

const BROWSER_MS = 5 * 60_000;

/** Begins a login of a person at this machine. Throws ProxyError. */
export async function runLogin(logins: Logins, provider: string, id: string, run: LocalLoginRun): Promise<LocalLogin> {
  const method = logins.method(provider, id);
  if (method.type === 'browser') return runBrowser(method, { logins, provider, run });
  const started = await logins.begin(provider, id, run);
  switch (started.type) {
    case 'device': {
      const { finish, ...rest } = started;
      return { ...rest, done: finish() };
    }
    case 'secret':
    case 'file':
      return started;
    case 'browser':
      throw new ProxyError('internal', `${provider}: ${id} is of two kinds`);
  }
}

interface BrowserParts {
  readonly logins: Logins;
  readonly provider: string;
  readonly run: LocalLoginRun;
}

async function runBrowser(method: BrowserLogin, { logins, provider, run }: BrowserParts): Promise<LocalBrowserLogin> {
  const { callback } = method;
  const late = AbortSignal.timeout(BROWSER_MS);
  const ended = new AbortController();
  const signal = AbortSignal.any([run.signal, late, ended.signal]);
  const state = await createState();
  const { server, problem } = await listen({ callback, state, signal }, run.port);
  try {
    const port = callback.anyPort === true ? server?.port : undefined;
    const started = await logins.begin(provider, method.id, { ...run, signal, state, port });
    if (started.type !== 'browser') throw new ProxyError('internal', `${provider}: ${method.id} is of two kinds`);
    const pasted = Promise.withResolvers<CallbackAnswer>();
    const over = endOf(signal, late);
    const answer = Promise.race([pasted.promise, over, ...(server === undefined ? [] : [server.answer])]);
    const done = answer
      .catch((error: unknown) => {
        throw late.aborted && !run.signal.aborted ? tooLate() : error;
      })
      .then((found) => started.finish(found))
      .finally(() => {
        ended.abort();
        return server?.close();
      });
    // Whoever waits for it hears of it.
    done.catch(() => undefined);
    return {
      type: 'browser',
      url: started.url,
      callbackPort: port ?? callback.port,
      port: server?.port,
      portProblem: problem,
      paste: (text) => pasted.resolve(readPasted(text, state)),
      done,
    };
  } catch (error) {
    ended.abort();
    await server?.close();
    throw error;
  }
}

type Listening = { readonly server: CallbackServer | undefined; readonly problem: string | undefined };
type ListenOptions = Pick<Parameters<typeof startCallbackServer>[0], 'callback' | 'state' | 'signal'>;

/** A port that is taken is no reason to give up: there is the pasted address, and for some providers another port. */
async function listen(options: ListenOptions, port: number | undefined): Promise<Listening> {
  const ports = port === undefined && options.callback.anyPort === true ? [undefined, 0] : [port];
  let problem: string | undefined;
  for (const wished of ports) {
    try {
      return { server: await startCallbackServer({ ...options, port: wished }), problem: undefined };
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error;
      problem = error.message;
    }
  }
  return { server: undefined, problem };
}

function readPasted(text: string, state: string): CallbackAnswer {
  const answer = parsePastedAnswer(text);
  if (answer.state !== undefined && !isSameSecret(answer.state, state))
    throw new ProxyError('invalid_request', 'that is the answer to another login than this one');
  return answer;
}

function endOf(signal: AbortSignal, late: AbortSignal): Promise<never> {
  const end = Promise.withResolvers<never>();
  const stop = (): void =>
    end.reject(late.aborted ? tooLate() : new ProxyError('client_closed', 'the login was given up'));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  end.promise.catch(() => undefined);
  return end.promise;
}

function tooLate(): ProxyError {
  return new ProxyError('upstream_timeout', 'nobody came back from the login page within 5 minutes; begin again');
}
