/** Kiro: Amazon's logins and its own, and the service behind them, which speaks in AWS event streams. */
import type { ServerResponse } from 'node:http';
import { awsEvent } from '../../aws-event-stream.ts';
import { authorization, header, Ledger } from '../ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from '../vendor.ts';
import { faultsOf, fieldsOf, listOf } from './check-body.ts';
import { type Holder, KiroIdentity } from './identity.ts';

const REGIONS = ['us-east-1', 'eu-central-1'];
const MODELS = ['claude-sonnet-4.5', 'claude-haiku-4.5'];

/** Of logins with Google and GitHub. */
export const PROFILE_ARN = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/FAKEPROFILE';

type Body = Readonly<Record<string, unknown>>;

/** Kiro, and what tests may say and see of it. */
export interface KiroVendor extends AccountVendor {
  /** The messages of its next answers; undefined: a greeting. */
  say: ((body: Body, who: string) => readonly Buffer[]) | undefined;
  /** After the first message of an answer. */
  pauseMs: number;
  /** Of every request that was answered: its host and path, and its body. */
  readonly asked: { readonly place: string; readonly who: string; readonly body: Body }[];
  /** Refuses requests in its own words; undefined: it does not. */
  refuse: { readonly status: number; readonly body: unknown } | undefined;
}

/** Addresses, and what must be said there. */
const PLACES: Readonly<Record<string, { readonly target: string; readonly origin: string; readonly type: RegExp }>> = {
  'q /generateAssistantResponse': { target: '', origin: 'AI_EDITOR', type: /json/ },
  'codewhisperer /generateAssistantResponse': {
    target: 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse',
    origin: 'AI_EDITOR',
    type: /^application\/x-amz-json-1\.0$/,
  },
  'q /': {
    target: 'AmazonQDeveloperStreamingService.SendMessage',
    origin: 'CLI',
    type: /^application\/x-amz-json-1\.0$/,
  },
};

/** Kiro with nobody logged in. */
export function createKiroVendor(): KiroVendor {
  const ledger = new Ledger();
  const identity = new KiroIdentity(ledger);
  const vendor: KiroVendor = {
    provider: 'kiro',
    model: 'claude-sonnet-4.5',
    hosts: [
      ...REGIONS.flatMap((region) => ['oidc', 'q', 'codewhisperer'].map((name) => `${name}.${region}.amazonaws.com`)),
      'prod.us-east-1.auth.desktop.kiro.dev',
    ],
    ...ledger.members(),
    options: (method) =>
      method.startsWith('identity-center')
        ? { 'start-url': 'https://example-works.awsapps.com/start', region: 'eu-central-1' }
        : {},
    approve: async (url, who = 'ann') => identity.approve(url, who),
    secret: (who = 'ann') => identity.socialToken(who),
    expireTokens: () => identity.access.endAll(),
    say: undefined,
    pauseMs: 0,
    refuse: undefined,
    asked: [],
    async handle(request, reply) {
      if (request.host.startsWith('oidc.')) identity.amazon(request, reply);
      else if (request.host.startsWith('prod.')) identity.social(request, reply, PROFILE_ARN);
      else await serve(request, reply);
    },
  };

  async function serve(request: VendorRequest, reply: ServerResponse): Promise<void> {
    for (const name of ['user-agent', 'x-amz-user-agent'])
      ledger.demand(request, !/kiro|aws-sdk|amazonq/i.test(header(request, name)), `${name} imitates a client`);
    const holder = identity.holder(authorization(request, 'Bearer'));
    const refused = { message: 'The bearer token included in the request is invalid.', reason: null };
    if (holder === undefined) return void sendJson(reply, 403, refused);
    const target = header(request, 'x-amz-target');
    if (target.startsWith('AmazonCodeWhispererService.')) manage(request, reply, target.split('.')[1] ?? '', holder);
    else await generate(request, reply, holder);
  }

  function manage(request: VendorRequest, reply: ServerResponse, operation: string, { who, kind }: Holder): void {
    const body = request.json();
    ledger.demand(request, request.path === '/' && request.host.startsWith('codewhisperer.'), 'a strange address');
    ledger.demand(request, header(request, 'content-type') === 'application/x-amz-json-1.0', 'another content type');
    ledger.demand(request, body['origin'] === 'AI_EDITOR', `the origin ${String(body['origin'])}`);
    const arn = kind === 'social' ? PROFILE_ARN : undefined;
    ledger.demand(request, body['profileArn'] === arn, `the profile ${String(body['profileArn'])}`);
    switch (operation) {
      case 'GetUsageLimits':
        return void sendJson(reply, 200, usageOf(who, ledger.isSpent(who)));
      case 'ListAvailableModels':
        return void sendJson(reply, 200, { models: MODELS.map(modelEntry) });
      default:
        ledger.complain(request, `the operation ${operation}`);
        sendJson(reply, 400, { __type: 'UnknownOperationException' });
    }
  }

  async function generate(request: VendorRequest, reply: ServerResponse, { who, kind }: Holder): Promise<void> {
    const body: Body = request.json();
    const place = PLACES[`${request.host.split('.')[0]} ${request.path}`];
    const target = header(request, 'x-amz-target');
    if (place?.target !== target || !place.type.test(header(request, 'content-type'))) {
      ledger.complain(request, `the target ${target}`);
      return void sendJson(reply, 403, { message: 'wrong address' });
    }
    const arn = kind === 'social' ? PROFILE_ARN : undefined;
    if (body['profileArn'] !== arn) ledger.complain(request, `the profile ${String(body['profileArn'])}`);
    const faults = [...faultsOf(body, MODELS), ...originFaults(body, place.origin)];
    for (const fault of faults) ledger.complain(request, fault);
    if (faults.length > 0) return void sendJson(reply, 400, { message: 'Improperly formed request.', reason: null });
    if (vendor.refuse !== undefined) return void sendJson(reply, vendor.refuse.status, vendor.refuse.body);
    if (ledger.isSpent(who)) {
      const message = 'You have reached the limit.';
      return void sendJson(reply, 402, { message, reason: 'MONTHLY_REQUEST_COUNT' });
    }
    ledger.counts.answers += 1;
    vendor.asked.push({ place: `${request.host}${request.path}`, who, body });
    reply.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    const messages = vendor.say?.(body, who) ?? greeting(who);
    const [first = Buffer.alloc(0)] = messages;
    const rest = Buffer.concat(messages.slice(1));
    reply.write(first);
    if (vendor.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, vendor.pauseMs));
    // Cut where no message ends.
    for (let at = 0; at < rest.length; at += 97) reply.write(rest.subarray(at, at + 97));
    reply.end();
  }

  return vendor;
}

function originFaults(body: Body, origin: string): string[] {
  const state = fieldsOf(body['conversationState']);
  const turns = [...listOf(state['history']), fieldsOf(state['currentMessage'])];
  const origins = turns.flatMap((turn) =>
    'userInputMessage' in turn ? fieldsOf(turn['userInputMessage'])['origin'] : [],
  );
  return origins.every((one) => one === origin) ? [] : [`the origins ${origins.join()} at the address of ${origin}`];
}

function greeting(who: string): Buffer[] {
  return [
    awsEvent('assistantResponseEvent', { content: 'Hello ' }),
    awsEvent('assistantResponseEvent', { content: `${who}.` }),
    awsEvent('meteringEvent', { unit: 'credit', unitPlural: 'credits', usage: 0.02 }),
    awsEvent('metadataEvent', { tokenUsage: { uncachedInputTokens: 11, outputTokens: 3, totalTokens: 14 } }),
  ];
}

function usageOf(who: string, isSpent: boolean): unknown {
  const currentUsageWithPrecision = isSpent ? 50 : 12.5;
  return {
    daysUntilReset: 9,
    nextDateReset: 1_900_000_000,
    userInfo: { email: `${who}@example.test`, userId: `user-${who}` },
    subscriptionInfo: { subscriptionTitle: 'KIRO FREE', type: 'Q_DEVELOPER_STANDALONE_FREE' },
    usageBreakdownList: [
      {
        resourceType: 'AGENTIC_REQUEST',
        displayName: 'Credits',
        usageLimit: 50,
        currentUsage: Math.floor(currentUsageWithPrecision),
        usageLimitWithPrecision: 50,
        currentUsageWithPrecision,
        freeTrialInfo: { freeTrialStatus: 'ACTIVE', usageLimitWithPrecision: 500, currentUsageWithPrecision: 100 },
      },
    ],
  };
}

function modelEntry(modelId: string): unknown {
  return {
    modelId,
    modelName: modelId.replace('claude-', 'Claude '),
    description: 'fake',
    rateMultiplier: 1.3,
    rateUnit: 'credit',
    tokenLimits: { maxInputTokens: 200_000 },
  };
}
