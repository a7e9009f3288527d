/** Anthropic as Claude Code sees it: claude.ai's login, tokens that rotate, profile, usage, and Messages for a plan. */
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { OauthCodes } from './oauth-codes.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = '9d1c250a-e61b-44d9-88ed-5944d1962f5e';
const SCOPES = 'user:profile user:inference user:sessions:claude_code user:mcp_servers user:file_upload';
const MODEL = 'claude-sonnet-4-6';
const LIFE_S = 8 * 3600;
const RESET_S = 3 * 3600;

/** Anthropic, and what it lets tests see. */
export interface AnthropicVendor extends AccountVendor {
  /** Bodies of generating requests. */
  readonly asked: readonly Record<string, unknown>[];
  /** `user-agent` of them. */
  readonly agents: readonly string[];
  /** Of each person; absent: `claude_max`. */
  readonly plans: Map<string, string>;
  refreshToken(who: string): string;
  /** The profile is not told: the token lacks the scope. */
  hidesProfile: boolean;
}

/** Anthropic with nobody logged in. */
export function createAnthropicVendor(): AnthropicVendor {
  const ledger = new Ledger();
  const codes = new OauthCodes();
  const access = new Tokens('oat');
  const refresh = new Tokens('ort');
  const setup = new Map<string, string>();
  const asked: Record<string, unknown>[] = [];
  const agents: string[] = [];

  const vendor: AnthropicVendor = {
    provider: 'claude',
    model: MODEL,
    hosts: ['claude.ai', 'platform.claude.com', 'api.anthropic.com'],
    ...ledger.members(),
    asked,
    agents,
    plans: new Map(),
    hidesProfile: false,
    refreshToken: (who) => refresh.issue(who),
    expireTokens: () => access.endAll(),
    approve(page, who = 'ann') {
      // Claude Code's own login goes by way of another page and asks for more.
      const isOwn = page.startsWith('https://claude.com/cai/oauth/authorize?');
      if (!isOwn && !page.startsWith('https://claude.ai/oauth/authorize?')) throw new Error(`no page: ${page}`);
      const app = { code: 'true', client_id: CLIENT };
      const { back, problems } = codes.approve(page, who, isOwn ? app : { ...app, scope: SCOPES });
      ledger.complaints.push(...problems);
      return Promise.resolve(back);
    },
    secret(who = 'ann') {
      const token = `sk-ant-oat01-fake-${who}-0123456789`;
      setup.set(token, who);
      return `${token}\n`;
    },
    handle(request, reply) {
      if (request.host === 'platform.claude.com') return void token(request, reply);
      if (request.host === 'api.anthropic.com') return void api(request, reply);
      ledger.complain(request, 'only people go there');
      sendJson(reply, 404, {});
    },
  };

  function token(request: VendorRequest, reply: ServerResponse): void {
    const body = request.json();
    ledger.demand(request, request.method === 'POST' && request.path === '/v1/oauth/token', 'is no endpoint');
    ledger.demand(request, header(request, 'content-type').startsWith('application/json'), 'takes JSON only');
    ledger.demand(request, body['client_id'] === CLIENT, `is the app ${String(body['client_id'])}`);
    if (body['grant_type'] === 'authorization_code') return void exchange(request, body, reply);
    ledger.demand(request, body['grant_type'] === 'refresh_token', `grant_type ${String(body['grant_type'])}`);
    const spent = String(body['refresh_token']);
    const who = refresh.holder(spent);
    if (who === undefined) {
      ledger.demand(request, !refresh.knows(spent), 'a refresh token was used twice');
      const told = { error: 'invalid_grant', error_description: 'Refresh token not found or invalid' };
      return void sendJson(reply, 400, told);
    }
    refresh.end(spent);
    ledger.counts.refreshes += 1;
    grant(who, reply);
  }

  function exchange(request: VendorRequest, body: Record<string, unknown>, reply: ServerResponse): void {
    const [code, redirectUri, verifier] = ['code', 'redirect_uri', 'code_verifier'].map((name) => String(body[name]));
    const granted = codes.exchange({ code: code ?? '', redirectUri: redirectUri ?? '', verifier: verifier ?? '' });
    if (typeof granted === 'string') {
      ledger.complain(request, granted);
      return void sendJson(reply, 400, { error: 'invalid_grant', error_description: granted });
    }
    ledger.demand(request, body['state'] === granted.state, 'the state is not repeated');
    grant(granted.who, reply);
  }

  function grant(who: string, reply: ServerResponse): void {
    sendJson(reply, 200, {
      token_type: 'Bearer',
      access_token: access.issue(who),
      expires_in: LIFE_S,
      refresh_token: refresh.issue(who),
      scope: SCOPES,
      account: { uuid: `fake-account-${who}`, email_address: `${who}@example.test` },
      organization: { uuid: `fake-organization-${who}`, name: `${who}'s Organization` },
    });
  }

  function api(request: VendorRequest, reply: ServerResponse): void {
    const bearer = authorization(request, 'Bearer');
    const who = access.holder(bearer) ?? setup.get(bearer ?? '');
    ledger.demand(request, header(request, 'x-api-key') === '', 'sends a login as an API key');
    if (who === undefined) {
      ledger.demand(request, access.knows(bearer), 'has a token that nobody gave');
      return void refuse(reply, 401, 'authentication_error', 'OAuth token has expired. Please obtain a new token.');
    }
    const betas = header(request, 'anthropic-beta').split(/\s*,\s*/);
    // Claude Code itself asks for the profile without it.
    if (!betas.includes('oauth-2025-04-20') && request.path !== '/api/oauth/profile') {
      ledger.complain(request, 'lacks the beta of logins');
      return void refuse(reply, 401, 'authentication_error', 'OAuth authentication is currently not supported.');
    }
    switch (request.path) {
      case '/api/oauth/profile':
        return void profile(who, setup.has(bearer ?? ''), reply);
      case '/api/oauth/usage':
        return void sendJson(reply, 200, usage(ledger.isSpent(who)));
      case '/v1/messages':
        return void generate(request, who, reply);
      case '/v1/messages/count_tokens':
        return void sendJson(reply, 200, { input_tokens: 42 });
      default:
        ledger.complain(request, 'is no endpoint');
        return void refuse(reply, 404, 'not_found_error', 'Not found');
    }
  }

  function profile(who: string, isSetup: boolean, reply: ServerResponse): void {
    if (isSetup || vendor.hidesProfile)
      return void refuse(reply, 403, 'permission_error', 'OAuth token does not meet scope requirement user:profile');
    const type = vendor.plans.get(who) ?? 'claude_max';
    sendJson(reply, 200, {
      account: { uuid: `fake-account-${who}`, full_name: who, email: `${who}@example.test`, has_claude_max: true },
      organization: { uuid: `fake-organization-${who}`, name: `${who}'s Organization`, organization_type: type },
    });
  }

  function generate(request: VendorRequest, who: string, reply: ServerResponse): void {
    const body = request.json();
    asked.push(body);
    agents.push(header(request, 'user-agent'));
    ledger.demand(request, header(request, 'anthropic-version') === '2023-06-01', 'names no version');
    ledger.demand(request, body['model'] === MODEL, `asks for the model ${String(body['model'])}`);
    ledger.demand(request, Number(body['max_tokens']) > 0, 'has no max_tokens');
    if (ledger.isSpent(who)) return void limit(reply);
    ledger.counts.answers += 1;
    sendAnswer(reply, {
      dialect: 'anthropic-messages',
      model: MODEL,
      stream: body['stream'] === true,
      answer: { text: `Hello ${who}.` },
    });
  }

  return vendor;
}

function refuse(reply: ServerResponse, status: number, type: string, message: string, headers = {}): void {
  sendJson(reply, status, { type: 'error', error: { type, message }, request_id: 'req_fake' }, headers);
}

/** The five hours are spent; the week is not. */
function limit(reply: ServerResponse): void {
  const resetS = String(Math.floor(Date.now() / 1000) + RESET_S);
  const unified = 'anthropic-ratelimit-unified';
  refuse(reply, 429, 'rate_limit_error', "This request would exceed your account's rate limit.", {
    'retry-after': String(RESET_S),
    [`${unified}-status`]: 'rejected',
    [`${unified}-reset`]: resetS,
    [`${unified}-5h-status`]: 'rejected',
    [`${unified}-5h-reset`]: resetS,
    [`${unified}-7d-status`]: 'allowed',
    [`${unified}-7d-utilization`]: '0.4',
    [`${unified}-7d-reset`]: String(Number(resetS) + 3 * 86_400),
  });
}

function usage(isSpent: boolean): unknown {
  return {
    five_hour: { utilization: isSpent ? 100 : 25, resets_at: '2026-12-01T10:00:00.528743+00:00' },
    seven_day: { utilization: 40, resets_at: '2026-12-05T10:00:00.000000+00:00' },
    seven_day_opus: null,
    seven_day_sonnet: { utilization: 0, resets_at: null },
    extra_usage: { is_enabled: true, monthly_limit: 5000, used_credits: 1250, utilization: 25 },
  };
}
