/** Qwen as Qwen Code saw it: a device flow with PKCE, and Chat at the address that comes with the token. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = 'f0304373b74a44d2b584a3fb70ca9e56';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const SCOPES = 'openid profile email model.completion';

/** Qwen, and what it lets tests see. */
export interface QwenVendor extends AccountVendor {
  /** It has closed: every request for a code or a token is refused. */
  isClosed: boolean;
  /** `resource_url` of tokens given from now on. */
  resource: string;
}

/** Qwen with nobody logged in. */
export function createQwenVendor(): QwenVendor {
  const ledger = new Ledger();
  const access = new Tokens('qwen-access');
  const refresh = new Tokens('qwen-refresh');
  const challenges = new Map<string, string>();

  const vendor: QwenVendor = {
    provider: 'qwen',
    model: 'coder-model',
    hosts: ['chat.qwen.ai', 'portal.qwen.ai', 'other.qwen.ai'],
    ...ledger.members(),
    expireTokens: () => access.endAll(),
    isClosed: false,
    resource: 'portal.qwen.ai',
    handle: (request, reply) => (request.host === 'chat.qwen.ai' ? authorize(request, reply) : serve(request, reply)),
  };

  function authorize(request: VendorRequest, reply: ServerResponse): void {
    const form = request.form();
    ledger.demand(request, header(request, 'accept') === 'application/json', 'takes no JSON');
    ledger.demand(request, form.get('client_id') === CLIENT, `is the app ${form.get('client_id')}`);
    if (vendor.isClosed) {
      const words = 'Qwen OAuth free tier has been discontinued';
      return void sendJson(reply, 400, { error: 'invalid_request', error_description: words });
    }
    if (request.path === '/api/v1/oauth2/device/code') return void begin(request, form, reply);
    ledger.demand(request, request.path === '/api/v1/oauth2/token', 'is no page');
    if (form.get('grant_type') === 'refresh_token') return void renew(request, form.get('refresh_token') ?? '', reply);
    ledger.demand(request, form.get('grant_type') === GRANT, `grant_type ${form.get('grant_type')}`);
    poll(request, form, reply);
  }

  function begin(request: VendorRequest, form: URLSearchParams, reply: ServerResponse): void {
    ledger.demand(request, form.get('scope') === SCOPES, `asks for ${form.get('scope')}`);
    ledger.demand(request, form.get('code_challenge_method') === 'S256', 'has no challenge');
    const { deviceCode, userCode } = ledger.codes.begin();
    challenges.set(deviceCode, form.get('code_challenge') ?? '');
    const page = 'https://chat.qwen.ai/authorize';
    sendJson(reply, 200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}&client=qwen-code`,
      expires_in: 900,
    });
  }

  function poll(request: VendorRequest, form: URLSearchParams, reply: ServerResponse): void {
    const code = form.get('device_code') ?? '';
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    ledger.demand(request, challenges.get(code) === challenge, 'the verifier is not that of the challenge');
    const verdict = ledger.codes.poll(code);
    if (typeof verdict !== 'string') return void grant(verdict.who, reply);
    if (verdict === 'expired_token') return void sendJson(reply, 401, { error: 'unauthorized' });
    sendJson(reply, verdict === 'slow_down' ? 429 : 400, { error: verdict, error_description: verdict });
  }

  function renew(request: VendorRequest, token: string, reply: ServerResponse): void {
    const who = refresh.holder(token);
    if (who === undefined) {
      ledger.complain(request, refresh.knows(token) ? 'a refresh token is used twice' : 'an unknown refresh token');
      return void sendJson(reply, 400, { error: 'invalid_request', error_description: 'Invalid refresh token' });
    }
    refresh.end(token);
    ledger.counts.refreshes += 1;
    grant(who, reply);
  }

  function grant(who: string, reply: ServerResponse): void {
    const tokens = { access_token: access.issue(who), refresh_token: refresh.issue(who) };
    sendJson(reply, 200, { ...tokens, token_type: 'Bearer', expires_in: 21_600, resource_url: vendor.resource });
  }

  function serve(request: VendorRequest, reply: ServerResponse): void {
    ledger.demand(request, request.host === vendor.resource, 'not the address that came with the token');
    const who = access.holder(authorization(request, 'Bearer'));
    if (who === undefined) {
      const error = { message: 'Incorrect API key provided.', type: 'invalid_request_error', code: 'invalid_api_key' };
      return void sendJson(reply, 401, { error });
    }
    ledger.demand(request, request.path === '/v1/chat/completions', 'is no page');
    ledger.demand(request, header(request, 'x-dashscope-authtype') === 'qwen-oauth', 'does not say what it is');
    ledger.demand(request, !/^QwenCode/i.test(header(request, 'user-agent')), 'passes for Qwen Code');
    const body = request.json();
    if (ledger.isSpent(who)) {
      const error = {
        message: 'Free allocated quota exceeded.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      };
      return void sendJson(reply, 403, { error });
    }
    ledger.counts.answers += 1;
    const model = String(body['model']);
    sendAnswer(reply, {
      dialect: 'openai-chat',
      model,
      stream: body['stream'] === true,
      answer: { text: `Hello ${who}.` },
    });
  }

  return vendor;
}
