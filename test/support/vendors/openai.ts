/** OpenAI as Codex sees it: the login of ChatGPT, tokens that rotate, the plan's usage, and Responses that only stream. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import { answerEvents } from '../ws-upstream.ts';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { fakeJwt, OauthCodes } from './oauth-codes.ts';
import { checkRequest } from './openai-request.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = 'app_EMoamEEZ73f0CkXaXp7hrann';
const MODELS = ['gpt-5.5', 'gpt-5.4-mini'];
const AUTH = 'https://api.openai.com/auth';
const LIFE_S = 10 * 86_400;
const RESET_S = 7200;

/** OpenAI, and what it lets tests see. */
export interface OpenAiVendor extends AccountVendor {
  /** Bodies of generating requests. */
  readonly asked: readonly Record<string, unknown>[];
  /** Their headers. */
  readonly headers: readonly VendorRequest['headers'][];
  /** Of each person; absent: `plus`. */
  readonly plans: Map<string, string>;
  /** An event of the service's own comes in front of an answer. */
  tellsLimits: boolean;
  /** Tokens as a login gives them. */
  tokens(who: string): Readonly<Record<string, string>>;
}

/** OpenAI with nobody logged in. */
export function createOpenAiVendor(): OpenAiVendor {
  const ledger = new Ledger();
  const codes = new OauthCodes();
  const refresh = new Tokens('rt');
  const access = new Map<string, string>();
  const ended = new Set<string>();
  const devices = new Map<string, { readonly userCode: string; who: string | undefined; polls: number }>();
  const asked: Record<string, unknown>[] = [];
  const headers: VendorRequest['headers'][] = [];
  const sockets = new WebSocketServer({ noServer: true });

  const vendor: OpenAiVendor = {
    provider: 'codex',
    model: 'gpt-5.5',
    hosts: ['auth.openai.com', 'chatgpt.com'],
    ...ledger.members(),
    asked,
    headers,
    plans: new Map(),
    tellsLimits: false,
    tokens,
    expireTokens() {
      for (const token of access.keys()) ended.add(token);
    },
    approve(page, who = 'ann') {
      const { origin, pathname } = new URL(page);
      if (`${origin}${pathname}` !== 'https://auth.openai.com/oauth/authorize') throw new Error(`no page: ${page}`);
      const { back, problems } = codes.approve(page, who, {
        client_id: CLIENT,
        scope: 'openid email profile offline_access',
        id_token_add_organizations: 'true',
        codex_cli_simplified_flow: 'true',
      });
      ledger.complaints.push(...problems);
      return Promise.resolve(back);
    },
    approveDevice(userCode, who = 'ann') {
      const device = [...devices.values()].find((waiting) => waiting.userCode === userCode);
      if (device === undefined) throw new Error(`nobody waits for the code ${userCode}`);
      device.who = who;
    },
    // The page has no way to say no: the code just ends.
    denyDevice(userCode) {
      for (const [id, device] of devices) if (device.userCode === userCode) devices.delete(id);
    },
    upgrade(request, socket, head) {
      const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const who = ended.has(bearer) ? undefined : access.get(bearer);
      if (who === undefined || request.url !== '/backend-api/codex/responses')
        return void socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
      const { 'openai-beta': beta, 'chatgpt-account-id': account } = request.headers;
      if (beta !== 'responses_websockets=2026-02-06') ledger.complaints.push(`WebSocket: the beta is ${String(beta)}`);
      if (account !== accountOf(who)) ledger.complaints.push(`WebSocket: is for the account "${String(account)}"`);
      sockets.handleUpgrade(request, socket, head, (peer) => {
        peer.on('message', (data) => {
          const { type, ...body }: Record<string, unknown> = JSON.parse(String(data));
          asked.push({ type, ...body });
          const detail =
            type === 'response.create'
              ? checkRequest({ stream: true, ...body }, MODELS)
              : `frame of type ${String(type)}`;
          if (detail !== undefined) ledger.complaints.push(`WebSocket: ${detail}`);
          ledger.counts.answers += 1;
          for (const event of answerEvents(`resp_${ledger.counts.answers}`, `Hello ${who}.`))
            peer.send(JSON.stringify(event));
        });
      });
    },
    handle: (request, reply) => (request.host === 'auth.openai.com' ? login(request, reply) : backend(request, reply)),
  };

  function login(request: VendorRequest, reply: ServerResponse): void {
    ledger.demand(request, request.method === 'POST', 'is no page');
    switch (request.path) {
      case '/api/accounts/deviceauth/usercode':
        return void deviceCode(request, reply);
      case '/api/accounts/deviceauth/token':
        return void devicePoll(request, reply);
      case '/oauth/token':
        return void token(request, reply);
      default:
        ledger.complain(request, 'is no endpoint');
        return void sendJson(reply, 404, {});
    }
  }

  function deviceCode(request: VendorRequest, reply: ServerResponse): void {
    ledger.demand(request, request.json()['client_id'] === CLIENT, 'is another app');
    const id = `deviceauth_${randomBytes(8).toString('hex')}`;
    const userCode = `${randomBytes(2).toString('hex')}-${randomBytes(3).toString('hex').slice(1)}`.toUpperCase();
    devices.set(id, { userCode, who: undefined, polls: 0 });
    sendJson(reply, 200, { device_auth_id: id, user_code: userCode, interval: '5' });
  }

  /** Pending is a 403 for one that waits, and a 404 for one that the server has not heard of yet. */
  function devicePoll(request: VendorRequest, reply: ServerResponse): void {
    const { device_auth_id: id, user_code: userCode } = request.json();
    const device = devices.get(String(id));
    if (device === undefined || device.userCode !== userCode) return void sendJson(reply, 404, { error: 'not found' });
    device.polls += 1;
    if (device.who === undefined || device.polls < 3) return void sendJson(reply, 403, { error: 'pending' });
    devices.delete(String(id));
    const verifier = randomBytes(32).toString('base64url');
    const granted = codes.grant(device.who, 'https://auth.openai.com/deviceauth/callback', verifier);
    sendJson(reply, 200, { ...granted, code_verifier: verifier });
  }

  function token(request: VendorRequest, reply: ServerResponse): void {
    const isForm = header(request, 'content-type').startsWith('application/x-www-form-urlencoded');
    const form = isForm
      ? request.form()
      : new URLSearchParams(Object.entries(request.json()).map(([k, v]) => [k, String(v)]));
    ledger.demand(request, form.get('client_id') === CLIENT, `is the app ${form.get('client_id')}`);
    if (form.get('grant_type') === 'authorization_code') {
      ledger.demand(request, isForm, 'a code is exchanged in a form');
      const [code, redirectUri, verifier] = ['code', 'redirect_uri', 'code_verifier'].map(
        (name) => form.get(name) ?? '',
      );
      const granted = codes.exchange({ code: code ?? '', redirectUri: redirectUri ?? '', verifier: verifier ?? '' });
      if (typeof granted !== 'string') return void sendJson(reply, 200, { ...tokens(granted.who), expires_in: LIFE_S });
      ledger.complain(request, granted);
      return void sendJson(reply, 400, { error: { code: 'invalid_grant', message: granted } });
    }
    ledger.demand(request, form.get('grant_type') === 'refresh_token', `grant_type ${form.get('grant_type')}`);
    const spent = form.get('refresh_token') ?? '';
    const who = refresh.holder(spent);
    if (who === undefined) {
      ledger.demand(request, !refresh.knows(spent), 'a refresh token was used twice');
      const message = 'Your refresh token has already been used to generate a new access token.';
      return void sendJson(reply, 401, {
        error: { message, type: 'invalid_request_error', code: 'refresh_token_reused' },
      });
    }
    refresh.end(spent);
    ledger.counts.refreshes += 1;
    sendJson(reply, 200, { ...tokens(who), expires_in: LIFE_S });
  }

  function tokens(who: string): Record<string, string> {
    const claims = {
      iss: 'https://auth.openai.com',
      aud: [CLIENT],
      exp: Math.floor(Date.now() / 1000) + LIFE_S,
      jti: randomBytes(6).toString('hex'),
      [AUTH]: { chatgpt_account_id: accountOf(who), chatgpt_plan_type: vendor.plans.get(who) ?? 'plus' },
    };
    const accessToken = fakeJwt(claims);
    access.set(accessToken, who);
    return {
      token_type: 'Bearer',
      id_token: fakeJwt({ ...claims, email: `${who}@example.test`, email_verified: true }),
      access_token: accessToken,
      refresh_token: refresh.issue(who),
    };
  }

  function backend(request: VendorRequest, reply: ServerResponse): void {
    const bearer = authorization(request, 'Bearer') ?? '';
    const who = ended.has(bearer) ? undefined : access.get(bearer);
    if (who === undefined) {
      ledger.demand(request, access.has(bearer), 'has a token that nobody gave');
      const error = { message: 'Provided authentication token is expired. Please try signing in again.' };
      return void sendJson(reply, 401, {
        error: { ...error, type: null, code: 'token_expired', param: null },
        status: 401,
      });
    }
    const account = header(request, 'chatgpt-account-id');
    ledger.demand(request, account === accountOf(who), `is for the account "${account}"`);
    switch (request.path) {
      case '/backend-api/wham/usage':
        return void sendJson(reply, 200, usage(vendor.plans.get(who) ?? 'plus', ledger.isSpent(who)));
      case '/backend-api/codex/models':
        ledger.demand(request, /^\d+\.\d+\.\d+$/.test(request.query.get('client_version') ?? ''), 'names no version');
        return void sendJson(reply, 200, { models: MODELS.map(listed) });
      case '/backend-api/codex/responses/compact': {
        const body = request.json();
        asked.push(body);
        if (typeof body['instructions'] !== 'string' || 'stream' in body || 'include' in body)
          ledger.complain(request, 'is no compaction');
        const item = { type: 'compaction', id: 'cmp_fake', encrypted_content: 'gAAAAfake' };
        return void sendJson(reply, 200, { id: 'resp_fake', object: 'response.compaction', output: [item] });
      }
      case '/backend-api/codex/responses':
        return void generate(request, who, reply);
      default:
        ledger.complain(request, 'is no endpoint');
        return void sendJson(reply, 404, { detail: 'Not Found' });
    }
  }

  function generate(request: VendorRequest, who: string, reply: ServerResponse): void {
    const body = request.json();
    asked.push(body);
    headers.push(request.headers);
    const detail = checkRequest(body, MODELS);
    if (detail !== undefined) {
      ledger.complain(request, detail);
      return void sendJson(reply, 400, { detail });
    }
    const resetS = Math.floor(Date.now() / 1000) + RESET_S;
    const limits = {
      'x-codex-plan-type': 'plus',
      'x-codex-primary-used-percent': ledger.isSpent(who) ? '100' : '25',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-after-seconds': String(RESET_S),
      'x-codex-credits-has-credits': 'False',
    };
    if (ledger.isSpent(who)) {
      const error = { type: 'usage_limit_reached', message: 'The usage limit has been reached', plan_type: 'plus' };
      return void sendJson(reply, 429, { error: { ...error, resets_at: resetS, resets_in_seconds: RESET_S } }, limits);
    }
    ledger.counts.answers += 1;
    for (const [name, value] of Object.entries(limits)) reply.setHeader(name, value);
    const event = {
      type: 'codex.rate_limits',
      plan_type: 'plus',
      rate_limits: { allowed: true, limit_reached: false },
    };
    sendAnswer(reply, {
      dialect: 'openai-responses',
      model: String(body['model']),
      stream: true,
      answer: { text: `Hello ${who}.` },
      ...(vendor.tellsLimits ? { before: `event: codex.rate_limits\ndata: ${JSON.stringify(event)}\n\n` } : {}),
    });
  }

  return vendor;
}

function accountOf(who: string): string {
  return `fake-workspace-of-${who}`;
}

function listed(slug: string): unknown {
  const levels = ['low', 'medium', 'high', 'xhigh'].map((effort) => ({ effort, description: effort }));
  return {
    slug,
    display_name: slug.toUpperCase(),
    supported_reasoning_levels: levels,
    context_window: 272_000,
    visibility: 'list',
    supported_in_api: true,
  };
}

function usage(plan: string, isSpent: boolean): unknown {
  const window = (percent: number, lengthS: number): unknown => ({
    used_percent: percent,
    limit_window_seconds: lengthS,
    reset_after_seconds: RESET_S,
    reset_at: 1_795_000_000,
  });
  return {
    plan_type: plan,
    rate_limit: {
      allowed: true,
      limit_reached: isSpent,
      primary_window: window(isSpent ? 100 : 25, 18_000),
      secondary_window: window(40, 604_800),
    },
    credits: { has_credits: false, unlimited: false, balance: '0' },
  };
}
