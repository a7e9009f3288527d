/** GitHub as Copilot's clients see it: the device flow, the exchange of tokens, the plan, and the models. */
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

const CLIENT = 'Iv1.b507a08c87ecfe98';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const API = 'api.individual.githubcopilot.com';

/** Which endpoints serve which model. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  'claude-sonnet-4.6': ['/chat/completions', '/v1/messages'],
  'gpt-5.2': ['/chat/completions', '/responses'],
  'gpt-5.3-codex': ['/responses'],
};

const DIALECTS = {
  '/chat/completions': 'openai-chat',
  '/responses': 'openai-responses',
  '/v1/messages': 'anthropic-messages',
} as const;

/** GitHub, and what it lets tests see. */
export interface GithubVendor extends AccountVendor {
  /** People without a Copilot plan. */
  readonly withoutPlan: Set<string>;
  /** `x-initiator` of every generating request. */
  readonly initiators: readonly string[];
  /** What the exchange answers instead; undefined: as usual. */
  exchangeStatus: number | undefined;
  /** A token of GitHub itself, as its plugins keep it. */
  githubToken(who: string): string;
  revoke(token: string): void;
}

/** GitHub with nobody logged in. */
export function createGithubVendor(): GithubVendor {
  const ledger = new Ledger();
  const github = new Tokens('gho');
  const copilot = new Tokens('copilot');
  const initiators: string[] = [];

  const vendor: GithubVendor = {
    provider: 'github-copilot',
    model: 'claude-sonnet-4.6',
    hosts: ['github.com', 'api.github.com', API, 'api.githubcopilot.com'],
    ...ledger.members(),
    expireTokens: () => copilot.endAll(),
    withoutPlan: new Set(),
    initiators,
    exchangeStatus: undefined,
    githubToken: (who) => github.issue(who),
    revoke: (token) => github.end(token),
    handle(request, reply) {
      switch (request.host) {
        case 'github.com':
          return void login(request, reply);
        case 'api.github.com':
          return void account(request, reply);
        case API:
          return void serve(request, reply);
        default:
          ledger.complain(request, "not the address of the account's plan");
          return void sendJson(reply, 421, { message: 'wrong host' });
      }
    },
  };

  function login(request: VendorRequest, reply: ServerResponse): void {
    const form = request.form();
    ledger.demand(request, header(request, 'accept') === 'application/json', 'would be answered as a form');
    ledger.demand(request, form.get('client_id') === CLIENT, `is the app ${form.get('client_id')}`);
    if (request.path === '/login/device/code') {
      ledger.demand(request, form.get('scope') === 'user:email', `asks for ${form.get('scope')}`);
      const { deviceCode, userCode } = ledger.codes.begin();
      const page = 'https://github.com/login/device';
      const code = { device_code: deviceCode, user_code: userCode, verification_uri: page };
      return void sendJson(reply, 200, { ...code, expires_in: 899, interval: 5 });
    }
    ledger.demand(request, request.path === '/login/oauth/access_token', 'is no page');
    ledger.demand(request, form.get('grant_type') === GRANT, `grant_type ${form.get('grant_type')}`);
    const verdict = ledger.codes.poll(form.get('device_code') ?? '');
    // Errors come with status 200.
    if (typeof verdict === 'string')
      return void sendJson(reply, 200, { error: verdict, error_description: `told ${verdict}` });
    sendJson(reply, 200, { access_token: github.issue(verdict.who), token_type: 'bearer', scope: 'user:email' });
  }

  function account(request: VendorRequest, reply: ServerResponse): void {
    ledger.demand(request, header(request, 'user-agent').startsWith('llmproxy/'), 'has no user agent of its own');
    const who = github.holder(authorization(request, 'token'));
    if (who === undefined) return void sendJson(reply, 401, { message: 'Bad credentials', status: '401' });
    if (request.path === '/user') return void sendJson(reply, 200, { login: who, id: 1 });
    named(request);
    if (request.path === '/copilot_internal/user') return void sendJson(reply, 200, plan());
    ledger.demand(request, request.path === '/copilot_internal/v2/token', 'is no page');
    if (vendor.exchangeStatus !== undefined)
      return void sendJson(reply, vendor.exchangeStatus, { message: 'try again' });
    if (vendor.withoutPlan.has(who)) {
      const details = { message: `No access to GitHub Copilot found for ${who}`, url: 'https://github.com/copilot' };
      return void sendJson(reply, 403, { can_signup_for_limited: false, error_details: details });
    }
    ledger.counts.refreshes += 1;
    const expiresAtS = Math.floor(Date.now() / 1000) + 1500;
    const endpoints = { api: `https://${API}`, telemetry: 'https://telemetry.githubcopilot.com' };
    sendJson(reply, 200, { token: copilot.issue(who), expires_at: expiresAtS, refresh_in: 1200, endpoints });
  }

  function serve(request: VendorRequest, reply: ServerResponse): void {
    const who = copilot.holder(authorization(request, 'Bearer'));
    if (who === undefined) {
      ledger.demand(request, copilot.knows(authorization(request, 'Bearer')), 'has no token of Copilot');
      reply.writeHead(401, { 'content-type': 'text/plain' }).end('unauthorized: token expired\n');
      return;
    }
    named(request);
    if (request.path === '/models')
      return void sendJson(reply, 200, { data: Object.entries(MODELS).map(listed), object: 'list' });
    const dialect = Object.entries(DIALECTS).find(([path]) => path === request.path)?.[1];
    const body = request.json();
    const model = String(body['model']);
    if (dialect === undefined || MODELS[model]?.includes(request.path) !== true) {
      ledger.complain(request, `${model} is not served here`);
      const error = {
        message: `model ${model} is not accessible via the ${request.path} endpoint`,
        code: 'unsupported_api_for_model',
      };
      return void sendJson(reply, 400, { error });
    }
    described(request, body);
    if (ledger.isSpent(who)) {
      const error = { message: 'You have exceeded your premium request allowance', code: 'quota_exceeded' };
      return void sendJson(reply, 402, { error });
    }
    ledger.counts.answers += 1;
    sendAnswer(reply, { dialect, model, stream: body['stream'] === true, answer: { text: `Hello ${who}.` } });
  }

  /** Both names are demanded; neither may be another program's. */
  function named(request: VendorRequest): void {
    ledger.demand(
      request,
      header(request, 'editor-version').startsWith('llmproxy/'),
      'has no Editor-Version of its own',
    );
    ledger.demand(
      request,
      header(request, 'copilot-integration-id') === 'llmproxy',
      'has no integration id of its own',
    );
  }

  function described(request: VendorRequest, body: Record<string, unknown>): void {
    const initiator = header(request, 'x-initiator');
    initiators.push(initiator);
    const list = body['messages'] ?? body['input'];
    const last: unknown = Array.isArray(list) ? list.at(-1) : undefined;
    const isProgram = /"role":"(?:tool|assistant)"|"type":"(?:tool_result|function_call_output)"/.test(
      JSON.stringify(last ?? ''),
    );
    ledger.demand(request, initiator === (isProgram ? 'agent' : 'user'), `x-initiator is ${initiator}`);
    const isVision = /"type":"(?:image|image_url|input_image)"/.test(JSON.stringify(list ?? ''));
    ledger.demand(
      request,
      (header(request, 'copilot-vision-request') === 'true') === isVision,
      'pictures are not told of',
    );
  }

  return vendor;
}

function plan(): unknown {
  const premium = { entitlement: 300, remaining: 75, percent_remaining: 25, unlimited: false, overage_count: 0 };
  return {
    copilot_plan: 'individual',
    quota_reset_date: '2026-12-01',
    quota_snapshots: {
      chat: { entitlement: 0, remaining: 0, percent_remaining: 100, unlimited: true },
      premium_interactions: premium,
    },
  };
}

function listed([id, endpoints]: [string, readonly string[]]): unknown {
  const limits = { max_context_window_tokens: 200_000, max_output_tokens: 32_000 };
  const capabilities = { type: 'chat', limits, supports: { tool_calls: true, vision: true, streaming: true } };
  return { id, name: id.toUpperCase(), vendor: 'Someone', capabilities, supported_endpoints: endpoints };
}
