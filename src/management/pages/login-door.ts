import { parsePastedAnswer } from '../../auth/callback-answer.ts';
import { isState } from '../../auth/login-sessions.ts';
import { isSameSecret } from '../../auth/same-secret.ts';
import { ProxyError } from '../../errors.ts';
import { type ManagementAnswer, type ManagementRequest, refuse } from '../answer.ts';
import type { ManagementGate } from '../gate.ts';
import type { WebLogin, WebLogins, WebProvider } from '../logins/web-logins.ts';
import { callbackPage } from './callback-page.ts';
import { seeOther } from './html.ts';
import {
  keyPage,
  pastePage,
  problemPage,
  providersPage,
  savedPage,
  startPage,
  statusPage,
  stepPath,
} from './login-pages.ts';
import { isFromOwnPage, isOurName } from './own-page.ts';
import { PAGES_ROOT, type PageKeys } from './page-keys.ts';

/** What the pages are made of. */
export interface LoginDoorOptions {
  readonly gate: ManagementGate;
  readonly logins: WebLogins;
  readonly keys: PageKeys;
  /** Whether people on other machines may come; read for every request. */
  readonly allowRemote: () => boolean;
}

/** Answers below `/v0/oauth` and `/<name>/callback`; `path` is the whole path. Undefined: there is no such page. */
export type LoginDoor = (request: ManagementRequest) => Promise<ManagementAnswer | undefined>;

/** A request for a page by somebody who may see it. */
interface Visit {
  readonly request: ManagementRequest;
  readonly provider: WebProvider;
  readonly formToken: string;
  readonly form: URLSearchParams;
}

const MAX_BYTES = 256 * 1024;
const NOT_OUR_NAME =
  'This page is not here under that name: open it at 127.0.0.1, or see remote-management.allow-remote.';

/** The pages on which people log in. */
export function createLoginDoor(options: LoginDoorOptions): LoginDoor {
  const { gate, logins, keys } = options;

  async function visit(request: ManagementRequest, provider: WebProvider, step: string): Promise<ManagementAnswer> {
    const visitor = keys.visitor(request);
    const isPost = request.method === 'POST';
    const form = isPost ? await formOf(request) : new URLSearchParams();
    if (isPost && step === '') return signIn(request, provider, form);
    if (visitor === undefined) return isPost ? seeOther(stepPath(provider)) : keyPage(stepPath(provider));
    if (isPost && !isSameSecret(form.get('form-token') ?? '', visitor.formToken)) {
      return problemPage(403, 'This form is not from here. Begin anew.', provider);
    }
    const steps = isPost ? posts : gets;
    const answer = steps.get(step)?.(logins, { request, provider, form, formToken: visitor.formToken });
    return (await answer) ?? problemPage(404, 'There is no such page.', provider);
  }

  async function signIn(
    request: ManagementRequest,
    provider: WebProvider,
    form: URLSearchParams,
  ): Promise<ManagementAnswer> {
    const headers = { ...request.headers, authorization: `Bearer ${form.get('key') ?? ''}` };
    const refusal = await gate({ ...request, headers });
    if (refusal === undefined) return seeOther(stepPath(provider), { 'set-cookie': keys.admit(request).cookie });
    return keyPage(stepPath(provider), { status: refusal.status, text: saidBy(refusal) });
  }

  return async (request) => {
    const [, callbackName] = /^\/([a-z0-9-]+)\/callback$/.exec(request.path) ?? [];
    if (callbackName !== undefined) {
      if (!logins.providers.some((one) => one.callbackName === callbackName)) return undefined;
      if (request.method !== 'GET') return { ...refuse(405, 'only GET'), headers: { allow: 'GET' } };
      return (await gate(request, true)) ?? callbackPage(logins, callbackName, request);
    }
    if (!/^(GET|POST)$/.test(request.method)) return { ...refuse(405, 'GET or POST'), headers: { allow: 'GET, POST' } };
    const refusal = await gate(request, true);
    if (refusal !== undefined) return problemPage(refusal.status, saidBy(refusal));
    if (!isOurName(request, options.allowRemote())) return problemPage(403, NOT_OUR_NAME);
    if (request.method === 'POST' && !isFromOwnPage(request)) return problemPage(403, 'This form is not from here.');
    if (request.path === PAGES_ROOT) return providersPage(logins.providers);
    const [name = '', step = '', ...more] = request.path.slice(PAGES_ROOT.length + 1).split('/');
    const provider = logins.providers.find((one) => one.name === name);
    if (provider === undefined || more.length > 0) return problemPage(404, 'There is no such page.');
    try {
      return await visit(request, provider, step);
    } catch (error) {
      if (error instanceof ProxyError) return problemPage(error.status, error.message, provider);
      throw error;
    }
  };
}

type Step = (logins: WebLogins, visit: Visit) => ManagementAnswer | Promise<ManagementAnswer>;

const gets: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['', (_, { provider, formToken }) => startPage(provider, formToken)],
  ['status', (logins, visit) => shown(logins, visit, statusPage)],
  ['paste', (logins, visit) => shown(logins, visit, pastePage)],
]);

const posts: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['start', start],
  ['import', bring],
  ['take-over', takeOver],
  ['paste', paste],
  ['cancel', cancel],
]);

async function start(logins: WebLogins, { provider, form }: Visit): Promise<ManagementAnswer> {
  const wish = { name: provider.name, method: form.get('method') ?? '', options: optionsIn(form), forward: true };
  const { state } = await logins.begin(wish);
  return seeOther(stepPath(provider, 'status', state));
}

async function bring(logins: WebLogins, { provider, form }: Visit): Promise<ManagementAnswer> {
  const wish = { name: provider.name, method: form.get('method') ?? '', options: optionsIn(form) };
  return savedPage(provider, [await logins.bring(wish, (form.get('text') ?? '').trim())]);
}

async function takeOver(logins: WebLogins, { provider, form }: Visit): Promise<ManagementAnswer> {
  return savedPage(provider, await logins.takeOver(provider.name, form.get('import') ?? ''));
}

function paste(logins: WebLogins, { provider, form }: Visit): ManagementAnswer {
  const state = form.get('state') ?? '';
  const answer = parsePastedAnswer(form.get('address') ?? '');
  if (answer.state !== undefined && !isSameSecret(answer.state, state)) {
    return problemPage(400, 'That is the address of another login.', provider);
  }
  if (isState(state)) logins.comeBack(state, answer, ({ name }) => name === provider.name);
  return seeOther(stepPath(provider, 'status', state));
}

function cancel(logins: WebLogins, { provider, form }: Visit): ManagementAnswer {
  logins.cancel(form.get('state') ?? '');
  return seeOther(stepPath(provider));
}

function shown(
  logins: WebLogins,
  { request, provider, formToken }: Visit,
  page: (login: WebLogin, formToken: string) => ManagementAnswer,
): ManagementAnswer {
  const state = request.query?.('state') ?? '';
  const login = isState(state) ? logins.find(state) : undefined;
  if (login === undefined || login.provider.name !== provider.name) {
    return problemPage(404, 'There is no login under way here, or its time is over.', provider);
  }
  return page(login, formToken);
}

function optionsIn(form: URLSearchParams): Record<string, string> {
  const entries = [...form].flatMap(([name, value]) =>
    name.startsWith('option-') && value.trim() !== '' ? [[name.slice('option-'.length), value.trim()] as const] : [],
  );
  return Object.fromEntries(entries);
}

async function formOf({ body }: ManagementRequest): Promise<URLSearchParams> {
  return new URLSearchParams(body === undefined ? '' : (await body(MAX_BYTES)).toString('utf8'));
}

function saidBy({ body }: ManagementAnswer): string {
  return typeof body === 'object' && 'error' in body ? String(body.error) : 'no';
}
