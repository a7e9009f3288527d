import { answerOf, type CallbackAnswer, parsePastedAnswer } from '../../auth/callback-answer.ts';
import { isState } from '../../auth/login-sessions.ts';
import { ProxyError } from '../../errors.ts';
import type { ManagementAnswer, ManagementRequest } from '../answer.ts';
import type { ManagementRoute } from '../management.ts';
import { bodyFields } from './body-fields.ts';
import type { WebLogins, WebProvider, WebReturnResult } from './web-logins.ts';

/** `POST` and `GET /oauth-callback`: brings what a browser was sent back with. Whoever knows the state began the login. */
export function callbackRoutes(logins: WebLogins): readonly ManagementRoute[] {
  return [
    {
      method: 'POST',
      path: '/oauth-callback',
      isOpen: true,
      async answer(request) {
        try {
          const fields = await bodyFields(request);
          if (fields === undefined) return failed(400, 'invalid body');
          return take(logins, (name) => {
            const value = fields[name];
            return typeof value === 'string' ? value : '';
          });
        } catch (error) {
          if (error instanceof ProxyError) return failed(error.status, error.message);
          throw error;
        }
      },
    },
    {
      method: 'GET',
      path: '/oauth-callback',
      isOpen: true,
      answer: ({ query }: ManagementRequest) => take(logins, (name) => query?.(name) ?? ''),
    },
  ];
}

function take(logins: WebLogins, field: (name: string) => string): ManagementAnswer {
  const provider = namedProvider(logins, field('provider'));
  if (provider === undefined) return failed(400, 'unsupported provider');
  const answer = answerIn(field);
  if (answer === undefined) return failed(400, 'invalid redirect_url');
  const { state, code, error } = answer;
  if (state === undefined) return failed(400, 'state is required');
  if (!isState(state)) return failed(400, 'invalid state');
  if (code === undefined && error === undefined) return failed(400, 'code or error is required');
  const result = logins.comeBack(state, answer, ({ name }) => name === provider.name);
  return result === 'taken' ? { status: 200, body: { status: 'ok' } } : failed(...refusals[result]);
}

const refusals: Readonly<Record<Exclude<WebReturnResult, 'taken'>, readonly [number, string]>> = {
  unknown: [404, 'unknown or expired state'],
  over: [409, 'oauth flow is not pending'],
  'other-provider': [400, 'provider does not match state'],
};

function failed(status: number, error: string): ManagementAnswer {
  return { status, body: { status: 'error', error } };
}

function namedProvider({ providers }: WebLogins, name: string): WebProvider | undefined {
  const wanted = name.trim().toLowerCase();
  return providers.find((one) => one.name === wanted || one.aliases.includes(wanted));
}

/** What is said in so many words counts more than the address. Undefined: that is no address. */
function answerIn(field: (name: string) => string): CallbackAnswer | undefined {
  const said = new URLSearchParams(
    ['state', 'code', 'error', 'error_description'].map((name): [string, string] => [name, field(name)]),
  );
  const address = field('redirect_url');
  try {
    return { ...(address.trim() === '' ? {} : parsePastedAnswer(address)), ...answerOf(said) };
  } catch {
    return undefined;
  }
}
