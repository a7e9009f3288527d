/** xAI: its OpenID provider with device codes, and the API for accounts and keys alike. */
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { fakeJwt } from './oauth-codes.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = 'b1a00492-073a-47ea-816f-4c329264a828';
const SCOPES = 'openid profile email offline_access grok-cli:access api:access';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const ISSUER = 'https://auth.x.ai';
const MODEL = 'grok-4.5';
const LIFE_S = 6 * 3600;
const DIALECTS = { '/v1/chat/completions': 'openai-chat', '/v1/responses': 'openai-responses' } as const;
/** 400 from reasoning models, or unknown to the endpoint. */
const REJECTED = ['presence_penalty', 'frequency_penalty', 'stop', 'prompt_cache_retention', 'safety_identifier'];

/** xAI, and what it lets tests see. */
export interface XaiVendor extends AccountVendor {
  /** What its discovery page says beside the truth. */
  readonly discovery: Record<string, string>;
  readonly asked: readonly Record<string, unknown>[];
}

/** xAI with nobody logged in. */
export function createXaiVendor(): XaiVendor {
  const ledger = new Ledger();
  const access = new Tokens('xai');
  const refresh = new Tokens('xai-refresh');
  const asked: Record<string, unknown>[] = [];

  const vendor: XaiVendor = {
    provider: 'xai',
    model: MODEL,
    hosts: ['auth.x.ai', 'api.x.ai'],
    ...ledger.members(),
    discovery: {},
    asked,
    expireTokens: () => access.endAll(),
    handle: (request, reply) => (request.host === 'auth.x.ai' ? identity(request, reply) : api(request, reply)),
  };

  function identity(request: VendorRequest, reply: ServerResponse): void {
    if (request.path === '/.well-known/openid-configuration') return void sendJson(reply, 200, discovery());
    const form = request.form();
    ledger.demand(request, request.method === 'POST', 'takes POST only');
    ledger.demand(request, form.get('client_id') === CLIENT, `is the app ${form.get('client_id')}`);
    if (request.path === '/oauth2/device/code') return void code(request, form, reply);
    ledger.demand(request, request.path === '/oauth2/token', 'is no endpoint');
    if (form.get('grant_type') === GRANT) {
      const verdict = ledger.codes.poll(form.get('device_code') ?? '');
      if (typeof verdict === 'string') return void sendJson(reply, 400, { error: verdict });
      return void grant(verdict.who, reply);
    }
    ledger.demand(request, form.get('grant_type') === 'refresh_token', `grant_type ${form.get('grant_type')}`);
    const spent = form.get('refresh_token') ?? '';
    const who = refresh.holder(spent);
    if (who === undefined) {
      ledger.demand(request, !refresh.knows(spent), 'a refresh token was used twice');
      return void sendJson(reply, 400, { error: 'invalid_grant', error_description: 'Refresh token is invalid' });
    }
    refresh.end(spent);
    ledger.counts.refreshes += 1;
    grant(who, reply);
  }

  function discovery(): unknown {
    return {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/oauth2/authorize`,
      token_endpoint: `${ISSUER}/oauth2/token`,
      device_authorization_endpoint: `${ISSUER}/oauth2/device/code`,
      ...vendor.discovery,
    };
  }

  function code(request: VendorRequest, form: URLSearchParams, reply: ServerResponse): void {
    ledger.demand(request, form.get('scope') === SCOPES, `asks for ${form.get('scope')}`);
    const { deviceCode, userCode } = ledger.codes.begin();
    const page = 'https://accounts.x.ai/device';
    sendJson(reply, 200, {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: 1800,
      interval: 5,
    });
  }

  function grant(who: string, reply: ServerResponse): void {
    sendJson(reply, 200, {
      token_type: 'Bearer',
      access_token: access.issue(who),
      refresh_token: refresh.issue(who),
      id_token: fakeJwt({ iss: ISSUER, aud: CLIENT, sub: `fake-subject-${who}`, email: `${who}@example.test` }),
      expires_in: LIFE_S,
      scope: SCOPES,
    });
  }

  function api(request: VendorRequest, reply: ServerResponse): void {
    const bearer = authorization(request, 'Bearer');
    const who = access.holder(bearer);
    if (who === undefined) {
      ledger.demand(request, access.knows(bearer), 'has a token that nobody gave');
      const error = 'The OAuth2 access token could not be validated. [WKE=unauthenticated:bad-credentials]';
      return void sendJson(reply, 403, { code: 'unauthenticated:bad-credentials', error });
    }
    const dialect = Object.entries(DIALECTS).find(([path]) => path === request.path)?.[1];
    const body = request.json();
    asked.push(body);
    ledger.demand(request, dialect !== undefined, 'is no endpoint');
    ledger.demand(request, header(request, 'x-xai-token-auth') === '', 'says that it is Grok itself');
    ledger.demand(request, body['model'] === MODEL, `asks for the model ${String(body['model'])}`);
    const rejected = REJECTED.filter((name) => name in body);
    ledger.demand(request, rejected.length === 0, `has ${rejected.join()}`);
    if (ledger.isSpent(who)) {
      const error = "You've used all the included free usage for this model for now.";
      return void sendJson(reply, 429, { code: 'subscription:free-usage-exhausted', error });
    }
    ledger.counts.answers += 1;
    sendAnswer(reply, {
      dialect: dialect ?? 'openai-chat',
      model: MODEL,
      stream: body['stream'] === true,
      answer: { text: `Hello ${who}.` },
    });
  }

  return vendor;
}
