/** iFlow as it was: a login without PKCE, keys by cookie, Chat whose errors come with status 200. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = '10009311001';
const SECRET = 'fake-iflow-secret';
const BASIC = Buffer.from(`${CLIENT}:${SECRET}`).toString('base64');

/** iFlow, and what it lets tests see. */
export interface IflowVendor extends AccountVendor {
  /** Ends the cookie of everybody. */
  endCookies(): void;
}

/** iFlow with nobody logged in. */
export function createIflowVendor(): IflowVendor {
  const ledger = new Ledger();
  const access = new Tokens('iflow-access');
  const refresh = new Tokens('iflow-refresh');
  const keys = new Tokens('iflow-key');
  const cookies = new Tokens('iflow-cookie');
  const codes = new Map<string, { who: string; redirect: string }>();

  function token(request: VendorRequest, reply: ServerResponse): void {
    const form = request.form();
    ledger.demand(request, authorization(request, 'Basic') === BASIC, 'the app is not in the header');
    const isApp = form.get('client_id') === CLIENT && form.get('client_secret') === SECRET;
    ledger.demand(request, isApp, 'the app is not in the body');
    if (form.get('grant_type') === 'authorization_code') {
      const code = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      ledger.demand(request, code?.redirect === form.get('redirect_uri'), 'another redirect_uri than that of the page');
      if (code === undefined) return void sendJson(reply, 400, { error: 'invalid_grant' });
      return void grant(code.who, reply);
    }
    ledger.demand(request, form.get('grant_type') === 'refresh_token', `grant_type ${form.get('grant_type')}`);
    const spent = form.get('refresh_token') ?? '';
    const who = refresh.holder(spent);
    if (who === undefined) {
      ledger.complain(request, refresh.knows(spent) ? 'a refresh token is used twice' : 'an unknown refresh token');
      return void sendJson(reply, 400, { error: 'invalid_grant' });
    }
    refresh.end(spent);
    ledger.counts.refreshes += 1;
    grant(who, reply);
  }

  function grant(who: string, reply: ServerResponse): void {
    const tokens = { access_token: access.issue(who), refresh_token: refresh.issue(who) };
    sendJson(reply, 200, { ...tokens, token_type: 'bearer', expires_in: 172_800, scope: 'all' });
  }

  function userInfo(request: VendorRequest, reply: ServerResponse): void {
    const who = access.holder(request.query.get('accessToken') ?? undefined);
    if (who === undefined) return void sendJson(reply, 200, { success: false, message: 'token expired' });
    sendJson(reply, 200, { success: true, data: { apiKey: keys.issue(who), email: `${who}@example.test`, phone: '' } });
  }

  function issue(request: VendorRequest, reply: ServerResponse): void {
    const sent = header(request, 'cookie');
    ledger.demand(request, /^BXAuth=[^;]+;$/.test(sent), `the cookie is "${sent.slice(0, 8)}..."`);
    ledger.demand(request, header(request, 'origin') === 'https://platform.iflow.cn', 'comes from elsewhere');
    ledger.demand(request, !/mozilla/i.test(header(request, 'user-agent')), 'passes for a browser');
    const who = cookies.holder(/BXAuth=([^;]+)/.exec(sent)?.[1]);
    if (who === undefined) return void sendJson(reply, 200, { success: false, code: '401', message: 'please log in' });
    const isNew = request.method === 'POST';
    if (isNew) {
      ledger.demand(request, request.json()['name'] === `${who}@example.test`, 'a key of another name');
      ledger.counts.refreshes += 1;
    }
    const data = {
      name: `${who}@example.test`,
      hasExpired: false,
      expireTime: '2030-01-02 08:00',
      apiKeyMask: 'fake***',
    };
    sendJson(reply, 200, { success: true, code: '200', data: { ...data, ...(isNew && { apiKey: keys.issue(who) }) } });
  }

  function serve(request: VendorRequest, reply: ServerResponse): void {
    ledger.demand(request, request.path === '/v1/chat/completions', 'is no page');
    ledger.demand(request, header(request, 'x-iflow-signature') === '', 'is signed as by another client');
    const key = authorization(request, 'Bearer');
    ledger.demand(request, !access.knows(key), 'asks with the token in place of the key');
    const who = keys.holder(key);
    // Errors come with status 200.
    if (who === undefined)
      return void sendJson(reply, 200, { status: '439', msg: 'Your API Token has expired.', body: null });
    if (ledger.isSpent(who))
      return void sendJson(reply, 200, { status: '429', msg: 'You exceeded your current rate limit' });
    const body = request.json();
    ledger.counts.answers += 1;
    const stream = body['stream'] === true;
    const model = String(body['model']);
    const wrap = (answer: unknown): unknown => (stream ? answer : { success: true, data: answer });
    sendAnswer(reply, { dialect: 'openai-chat', model, stream, answer: { text: `Hello ${who}.` }, wrap });
  }

  return {
    provider: 'iflow',
    model: 'glm-4.6',
    hosts: ['iflow.cn', 'platform.iflow.cn', 'apis.iflow.cn'],
    env: { LLMPROXY_OAUTH_IFLOW_CLIENT_SECRET: SECRET },
    ...ledger.members(),
    async approve(url, who = 'ann') {
      const { origin, pathname, searchParams: query } = new URL(url);
      const own = Object.fromEntries(query);
      const redirect = own['redirect'] ?? '';
      const expected = { loginMethod: 'phone', type: 'phone', redirect, state: own['state'], client_id: CLIENT };
      if (`${origin}${pathname}` !== 'https://iflow.cn/oauth') ledger.complaints.push(`no page ${url}`);
      if (JSON.stringify(Object.entries(own).sort()) !== JSON.stringify(Object.entries(expected).sort()))
        ledger.complaints.push(`the page was asked for with ${query}`);
      const code = `fake-code-${randomBytes(6).toString('hex')}`;
      codes.set(code, { who, redirect });
      return `${redirect}?code=${code}&state=${encodeURIComponent(own['state'] ?? '')}`;
    },
    secret: (who = 'ann') => `other=1; BXAuth=${cookies.issue(who)}; last=2`,
    expireTokens() {
      access.endAll();
      keys.endAll();
    },
    endCookies: () => cookies.endAll(),
    handle(request, reply) {
      if (request.host === 'apis.iflow.cn') return void serve(request, reply);
      switch (`${request.host}${request.path}`) {
        case 'iflow.cn/oauth/token':
          return void token(request, reply);
        case 'iflow.cn/api/oauth/getUserInfo':
          return void userInfo(request, reply);
        case 'platform.iflow.cn/api/openapi/apikey':
          return void issue(request, reply);
        default:
          ledger.complain(request, 'is no page');
          sendJson(reply, 404, {});
      }
    },
  };
}
