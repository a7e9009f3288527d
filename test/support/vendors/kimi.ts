/** Kimi Code: the device flow with its device headers, tokens that rotate, Chat and Messages. */
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = '17e5f671-d194-4dfb-9706-5516cb48c098';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MODELS = ['k2.5', 'k3', 'kimi-for-coding'];

/** Kimi, and what it lets tests see. */
export interface KimiVendor extends AccountVendor {
  /** Path of every generating request. */
  readonly paths: readonly string[];
}

/** Kimi with nobody logged in. */
export function createKimiVendor(): KimiVendor {
  const ledger = new Ledger();
  const access = new Tokens('kimi-access');
  const refresh = new Tokens('kimi-refresh');
  /** Device of every login, by device code; then by person. */
  const devices = new Map<string, string>();
  const paths: string[] = [];

  function authorize(request: VendorRequest, reply: ServerResponse): void {
    const form = request.form();
    const device = header(request, 'x-msh-device-id');
    ledger.demand(request, form.get('client_id') === CLIENT, `is the app ${form.get('client_id')}`);
    ledger.demand(request, UUID.test(device), `device id "${device}"`);
    ledger.demand(request, header(request, 'x-msh-platform') === 'llmproxy', 'passes for another program');
    if (request.path === '/api/oauth/device_authorization') return void begin(device, reply);
    ledger.demand(request, request.path === '/api/oauth/token', 'is no page');
    if (form.get('grant_type') === 'refresh_token') return void renew(request, form.get('refresh_token') ?? '', reply);
    ledger.demand(request, form.get('grant_type') === GRANT, `grant_type ${form.get('grant_type')}`);
    const code = form.get('device_code') ?? '';
    ledger.demand(request, devices.get(code) === device, 'another device than the one that began');
    const verdict = ledger.codes.poll(code);
    if (typeof verdict === 'string') return void sendJson(reply, 400, { error: verdict, error_description: verdict });
    devices.set(verdict.who, device);
    grant(verdict.who, reply);
  }

  function begin(device: string, reply: ServerResponse): void {
    const { deviceCode, userCode } = ledger.codes.begin();
    devices.set(deviceCode, device);
    const page = 'https://www.kimi.com/code/authorize_device';
    sendJson(reply, 200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: 900,
      interval: 5,
    });
  }

  function renew(request: VendorRequest, token: string, reply: ServerResponse): void {
    const who = refresh.holder(token);
    if (who === undefined) {
      ledger.complain(request, refresh.knows(token) ? 'a refresh token is used twice' : 'an unknown refresh token');
      return void sendJson(reply, 400, { error: 'invalid_grant' });
    }
    refresh.end(token);
    ledger.counts.refreshes += 1;
    grant(who, reply);
  }

  function grant(who: string, reply: ServerResponse): void {
    const tokens = { access_token: access.issue(who), refresh_token: refresh.issue(who) };
    sendJson(reply, 200, { ...tokens, token_type: 'Bearer', expires_in: 900, scope: 'kimi-code' });
  }

  function serve(request: VendorRequest, reply: ServerResponse): void {
    const who = access.holder(authorization(request, 'Bearer'));
    if (who === undefined) {
      const error = {
        message: 'The API Key appears to be invalid or may have expired.',
        type: 'invalid_authentication_error',
      };
      return void sendJson(reply, 401, { error });
    }
    ledger.demand(request, header(request, 'x-msh-device-id') === devices.get(who), "not the account's device");
    switch (request.path) {
      case '/coding/v1/models':
        return void sendJson(reply, 200, {
          data: MODELS.map((id) => ({ id, object: 'model', context_length: 262_144 })),
        });
      case '/coding/v1/usages':
        return void sendJson(reply, 200, USAGES);
      case '/coding/v1/messages/count_tokens':
        return void sendJson(reply, 200, { input_tokens: 42 });
      case '/coding/v1/chat/completions':
        return void answer('openai-chat', request, reply, who);
      case '/coding/v1/messages':
        return void answer('anthropic-messages', request, reply, who);
      default:
        ledger.complain(request, 'is no page');
        sendJson(reply, 404, { error: { message: 'Not found', type: 'resource_not_found_error' } });
    }
  }

  function answer(
    dialect: 'openai-chat' | 'anthropic-messages',
    request: VendorRequest,
    reply: ServerResponse,
    who: string,
  ): void {
    const body = request.json();
    const model = String(body['model']);
    paths.push(request.path);
    ledger.demand(request, MODELS.includes(model), `no model ${model}`);
    ledger.demand(request, body['reasoning_effort'] === undefined, 'reasoning_effort is not known here');
    if (lacksReasoning(body)) {
      const message = 'thinking is enabled but reasoning_content is missing in assistant tool call message';
      ledger.complain(request, message);
      return void sendJson(reply, 400, { error: { message, type: 'invalid_request_error' } });
    }
    if (ledger.isSpent(who)) {
      const error = {
        message: "You've reached your usage limit for this billing cycle.",
        type: 'rate_limit_reached_error',
      };
      return void sendJson(reply, 429, { error });
    }
    ledger.counts.answers += 1;
    sendAnswer(reply, { dialect, model, stream: body['stream'] === true, answer: { text: `Hello ${who}.` } });
  }

  return {
    provider: 'kimi',
    model: 'kimi-k2.5',
    hosts: ['auth.kimi.com', 'api.kimi.com'],
    ...ledger.members(),
    expireTokens: () => access.endAll(),
    paths,
    handle: (request, reply) => (request.host === 'auth.kimi.com' ? authorize(request, reply) : serve(request, reply)),
  };
}

function lacksReasoning({ messages, thinking }: Record<string, unknown>): boolean {
  const isOff = JSON.stringify(thinking ?? null).includes('"disabled"');
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  return (
    !isOff &&
    list.some(
      (message) =>
        /"tool_calls":\[/.test(JSON.stringify(message)) && !/"reasoning_content":"./.test(JSON.stringify(message)),
    )
  );
}

const USAGES = {
  usage: { limit: '100', used: '26', remaining: '74', resetTime: '2026-11-29T00:00:00Z' },
  limits: [
    {
      window: { duration: 300, timeUnit: 'TIME_UNIT_MINUTE' },
      detail: { limit: '200', remaining: '50', resetTime: '2026-11-22T20:00:00Z' },
    },
  ],
};
