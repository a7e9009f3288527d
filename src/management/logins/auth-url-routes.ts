import { ProxyError } from '../../errors.ts';
import type { JsonObject } from '../../ir/json.ts';
import { type ManagementAnswer, type ManagementRequest, refuse } from '../answer.ts';
import type { ManagementRoute } from '../management.ts';
import { bodyFields } from './body-fields.ts';
import type { WebLogin, WebLogins, WebProvider } from './web-logins.ts';

/** `GET /<name>-auth-url` begins a login; `POST` logs in with a cookie or a token, where the provider takes one. */
export function authUrlRoutes(logins: WebLogins, nowMs: () => number): readonly ManagementRoute[] {
  return logins.providers.flatMap((provider) => {
    const path = `/${provider.name}-auth-url`;
    const begins = provider.methods.some(({ type }) => type === 'browser' || type === 'device');
    const begin: ManagementRoute = {
      method: 'GET',
      path,
      answer: (request) => answered(() => beginLogin(logins, provider, request, nowMs)),
    };
    const bring: ManagementRoute = {
      method: 'POST',
      path,
      answer: (request) => answered(() => bringSecret(logins, provider, request), { status: 'error' }),
    };
    const takesSecret = provider.methods.some(({ type }) => type === 'secret');
    return [...(begins ? [begin] : []), ...(takesSecret ? [bring] : [])];
  });
}

async function beginLogin(
  logins: WebLogins,
  provider: WebProvider,
  { query = () => undefined }: ManagementRequest,
  nowMs: () => number,
): Promise<ManagementAnswer> {
  const asked = query('method')?.toLowerCase();
  const method = asked === undefined || asked === '' ? undefined : (provider.namedMethods?.[asked] ?? asked);
  if (method !== undefined && !provider.methods.some(({ id }) => id === method)) {
    const known = Object.keys(provider.namedMethods ?? {});
    const names = known.length > 0 ? known : provider.methods.map(({ id }) => id);
    return refuse(400, `no such method; there are: ${names.join(', ')}`);
  }
  const login = await logins.begin({
    name: provider.name,
    method,
    options: optionsIn(provider, query),
    forward: isYes(query('is_webui')),
  });
  return { status: 200, body: begun(provider, login, nowMs()) };
}

function begun(provider: WebProvider, login: WebLogin, nowMs: number): object {
  const { state, url, flow, userCode, expiresAtMs } = login;
  if (provider.namedMethods !== undefined) {
    return { status: 'ok', state, method: flow === 'device' ? 'device_code' : 'social' };
  }
  if (flow === 'browser') return { status: 'ok', url, state };
  const seconds = Math.max(0, Math.round((expiresAtMs - nowMs) / 1000));
  return { status: 'ok', url, state, flow: 'device', user_code: userCode, expires_in: seconds };
}

/** Options go by their own name, and by the one that programs use: `project_id` for `project`. */
function optionsIn(provider: WebProvider, query: (name: string) => string | undefined): Record<string, string> {
  const names = new Set(provider.methods.flatMap(({ asks }) => asks.map(({ name }) => name)));
  const entries = [...names].flatMap((name) => {
    const value = query(name) ?? query(name.replaceAll('-', '_')) ?? query(`${name}_id`);
    return value === undefined || value.trim() === '' ? [] : [[name, value.trim()] as const];
  });
  return Object.fromEntries(entries);
}

async function bringSecret(
  logins: WebLogins,
  provider: WebProvider,
  request: ManagementRequest,
): Promise<ManagementAnswer> {
  const fields = await bodyFields(request);
  const text = fields === undefined ? undefined : secretIn(fields);
  if (text === undefined) return { status: 400, body: { status: 'error', error: 'cookie is required' } };
  const method = provider.methods.find(({ type }) => type === 'secret')?.id;
  const saved = await logins.bring({ name: provider.name, method, options: {} }, text);
  const { file, email = '', expired = '', type } = saved;
  return { status: 200, body: { status: 'ok', saved_path: file, email, expired, type } };
}

function secretIn(fields: JsonObject): string | undefined {
  const text = fields['cookie'] ?? fields['secret'] ?? fields['token'];
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

function isYes(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value ?? '');
}

/** An error as these endpoints tell it. */
async function answered(run: () => Promise<ManagementAnswer>, more: object = {}): Promise<ManagementAnswer> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ProxyError) return { status: error.status, body: { ...more, error: error.message } };
    throw error;
  }
}
