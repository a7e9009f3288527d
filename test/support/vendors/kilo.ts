/** Kilo: codes of its own kind, a profile with organisations, and a gateway like OpenRouter's. */
import type { ServerResponse } from 'node:http';
import { sendAnswer } from './answers.ts';
import { authorization, header, Ledger, Tokens } from './ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from './vendor.ts';

/** Organisations that everybody belongs to. */
const ORGANIZATIONS = [
  { id: 'org-1', name: 'Example Works' },
  { id: 'org-2', name: 'Example Labs' },
];

/** Kilo, and what it lets tests see. */
export interface KiloVendor extends AccountVendor {
  /** The organisation of every generating request; '' for none. */
  readonly organizations: readonly string[];
  revokeTokens(): void;
}

/** Kilo with nobody logged in. */
export function createKiloVendor(): KiloVendor {
  const ledger = new Ledger();
  const tokens = new Tokens('kilo');
  const organizations: string[] = [];

  function codes(request: VendorRequest, reply: ServerResponse): void {
    if (request.method === 'POST') {
      ledger.demand(request, request.body.length === 0, 'the request for a code is not empty');
      const { deviceCode } = ledger.codes.begin(true);
      const verificationUrl = `https://app.kilo.ai/device-auth?code=${deviceCode}`;
      return void sendJson(reply, 201, { code: deviceCode, verificationUrl, expiresIn: 600 });
    }
    const verdict = ledger.codes.poll(request.path.split('/').at(-1) ?? '');
    if (verdict === 'authorization_pending') return void sendJson(reply, 202, { status: 'pending' });
    if (verdict === 'slow_down') return void sendJson(reply, 200, { status: 'pending' });
    if (verdict === 'access_denied') return void sendJson(reply, 403, { status: 'denied' });
    if (verdict === 'expired_token') return void sendJson(reply, 410, { status: 'expired' });
    const { who } = verdict;
    sendJson(reply, 200, { status: 'approved', token: tokens.issue(who), userEmail: `${who}@example.test` });
  }

  function serve(request: VendorRequest, reply: ServerResponse): void {
    const who = tokens.holder(authorization(request, 'Bearer'));
    if (who === undefined) return void sendJson(reply, 401, { error: { message: 'Invalid token', code: 401 } });
    const organization = header(request, 'x-kilocode-organizationid');
    ledger.demand(request, organization === '' || ORGANIZATIONS.some(({ id }) => id === organization), 'a strange one');
    switch (request.path) {
      case '/api/profile':
        return void sendJson(reply, 200, { email: `${who}@example.test`, organizations: ORGANIZATIONS });
      case '/api/defaults':
        return void sendJson(reply, 200, { model: 'kilo/auto' });
      case '/api/organizations/org-1/defaults':
      case '/api/organizations/org-2/defaults':
        return void sendJson(reply, 200, { model: 'anthropic/claude-sonnet-4.5' });
      case '/api/openrouter/models':
        return void sendJson(reply, 200, { data: MODELS });
      case '/api/openrouter/chat/completions':
        organizations.push(organization);
        return void answer(request, reply, who);
      default:
        ledger.complain(request, 'is no page');
        sendJson(reply, 404, { error: 'not found' });
    }
  }

  function answer(request: VendorRequest, reply: ServerResponse, who: string): void {
    const body = request.json();
    ledger.demand(
      request,
      MODELS.some(({ id }) => id === body['model']),
      `no model ${String(body['model'])}`,
    );
    if (ledger.isSpent(who)) return void sendJson(reply, 429, { error: { message: 'Rate limit exceeded', code: 429 } });
    ledger.counts.answers += 1;
    const text = `Hello ${who}.`;
    sendAnswer(reply, {
      dialect: 'openai-chat',
      model: String(body['model']),
      stream: body['stream'] === true,
      answer: { text },
    });
  }

  return {
    provider: 'kilo',
    model: 'anthropic/claude-sonnet-4.5',
    hosts: ['api.kilo.ai'],
    ...ledger.members(),
    // They last for years, and nothing renews them.
    expireTokens: () => {},
    revokeTokens: () => tokens.endAll(),
    organizations,
    handle: (request, reply) =>
      request.path.startsWith('/api/device-auth/codes') ? codes(request, reply) : serve(request, reply),
  };
}

const MODELS = [
  {
    id: 'anthropic/claude-sonnet-4.5',
    name: 'Claude Sonnet 4.5',
    context_length: 200_000,
    pricing: { prompt: '0.000003' },
    top_provider: { max_completion_tokens: 64_000 },
    architecture: { input_modalities: ['text', 'image'] },
    supported_parameters: ['tools'],
  },
  { id: 'free/model:free', name: 'Free', context_length: 32_000, pricing: { prompt: '0' } },
];
