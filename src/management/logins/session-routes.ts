import { isState } from '../../auth/login-sessions.ts';
import type { ManagementAnswer } from '../answer.ts';
import type { ManagementRoute } from '../management.ts';
import type { WebLogin, WebLogins } from './web-logins.ts';

/** `GET /get-auth-status?state=`: how far a login is. `DELETE /oauth-session?state=`: gives it up. */
export function sessionRoutes(logins: WebLogins): readonly ManagementRoute[] {
  return [
    {
      method: 'GET',
      path: '/get-auth-status',
      answer({ query = () => undefined }) {
        const state = query('state') ?? '';
        if (!isState(state)) return failed(400, 'invalid state');
        const login = logins.find(state);
        return login === undefined ? failed(404, 'unknown or expired state') : { status: 200, body: statusOf(login) };
      },
    },
    {
      method: 'DELETE',
      path: '/oauth-session',
      answer({ query = () => undefined }) {
        const state = query('state') ?? '';
        if (!isState(state)) return failed(400, 'invalid state');
        return { status: 200, body: { status: 'ok', cancelled: logins.cancel(state) } };
      },
    },
  ];
}

function failed(status: number, error: string): ManagementAnswer {
  return { status, body: { status: 'error', error } };
}

function statusOf({ now, provider, flow, url, userCode }: WebLogin): object {
  switch (now.stage) {
    case 'saved':
      return { status: 'ok' };
    case 'failed':
      return { status: 'error', error: now.error };
    case 'taken':
      return { status: 'wait' };
    case 'waiting':
      if (provider.namedMethods === undefined) return { status: 'wait' };
      if (flow === 'browser') return { status: 'auth_url', url };
      return { status: 'device_code', verification_url: url, user_code: userCode };
  }
}
