/** Google's Code Assist: who is set up in which project, quotas, and Gemini's answers in an envelope. */
import type { ServerResponse } from 'node:http';
import { sendAnswer } from '../answers.ts';
import type { Ledger } from '../ledger.ts';
import { sendJson, type VendorRequest } from '../vendor.ts';
import type { GoogleIdentity } from './identity.ts';

/** How the service differs by who asks. */
export interface CodeAssistKind {
  readonly models: readonly string[];
  readonly ideType: string;
  /** Members of the envelope. */
  readonly members: readonly string[];
  /** What is wrong with a request; undefined: nothing. */
  check?(envelope: Fields, request: Fields): string | undefined;
}

/** JSON of unknown content. */
export type Fields = Record<string, unknown>;

const REQUEST = [
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'safetySettings',
  'labels',
  'cachedContent',
  'session_id',
  'sessionId',
];

/** The service, and what tests set and see of it. */
export class CodeAssist {
  readonly #kind: CodeAssistKind;
  readonly #identity: GoogleIdentity;
  readonly #ledger: Ledger;
  readonly #ready = new Map<string, Set<string>>();
  readonly #polls = new Map<string, number>();
  /** People that Google does not serve. */
  readonly ineligible: Set<string> = new Set();
  /** Hosts that have no capacity. */
  readonly full: Set<string> = new Set();
  /** Projects of which the quota is used up. */
  readonly spentProjects: Set<string> = new Set();
  /** Credits of people. */
  readonly credits: Map<string, number> = new Map();
  /** Every generating request that was answered. */
  readonly seen: { readonly host: string; readonly envelope: Fields }[] = [];

  constructor(kind: CodeAssistKind, identity: GoogleIdentity, ledger: Ledger) {
    this.#kind = kind;
    this.#identity = identity;
    this.#ledger = ledger;
  }

  handle(request: VendorRequest, reply: ServerResponse): void {
    const who = this.#identity.holder(request, reply);
    if (who === undefined) return;
    const method = request.path.replace(/^\/v1internal:/, '');
    const body = request.json();
    this.#ledger.demand(request, request.method === 'POST', 'another method');
    switch (method) {
      case 'loadCodeAssist':
        this.#demandMetadata(request, body);
        return void sendJson(reply, 200, this.#status(who));
      case 'onboardUser':
        this.#demandMetadata(request, body);
        return void this.#onboard(request, body, who, reply);
      case 'retrieveUserQuota':
        return void sendJson(reply, 200, { buckets: this.#kind.models.map((modelId) => ({ ...BUCKET, modelId })) });
      case 'fetchAvailableModels': {
        const models = this.#kind.models.map((id) => [
          id,
          { displayName: `The ${id}`, quotaInfo: { remainingFraction: 0.25, resetTime: RESET } },
        ]);
        return void sendJson(reply, 200, { models: Object.fromEntries(models), webSearchModelIds: [] });
      }
      case 'countTokens':
        return void this.#count(request, body, reply);
      case 'generateContent':
      case 'streamGenerateContent':
        return void this.#generate(request, body, who, reply);
      default:
        this.#ledger.complain(request, 'is no method');
        sendJson(reply, 404, { error: { code: 404, message: 'Method not found.', status: 'NOT_FOUND' } });
    }
  }

  #demandMetadata(request: VendorRequest, { metadata }: Fields): void {
    const ideType = isFields(metadata) ? metadata['ideType'] : undefined;
    this.#ledger.demand(request, ideType === this.#kind.ideType, `ideType ${String(ideType)}`);
  }

  #status(who: string): Fields {
    if (this.ineligible.has(who)) {
      const reasonMessage = 'This account is not eligible for Gemini Code Assist for individuals.';
      return { ineligibleTiers: [{ reasonCode: 'UNSUPPORTED_CLIENT', reasonMessage, tierId: 'free-tier' }] };
    }
    const [project] = this.#ready.get(who) ?? [];
    const credits = this.credits.get(who);
    const availableCredits =
      credits === undefined
        ? []
        : [{ creditType: 'GOOGLE_ONE_AI', creditAmount: String(credits), minimumCreditAmountForUsage: '10' }];
    return {
      allowedTiers: [{ id: 'legacy-tier' }, { id: 'free-tier', isDefault: true }],
      ...(project === undefined
        ? {}
        : { currentTier: { id: 'free-tier', name: 'Free' }, cloudaicompanionProject: project }),
      ...(credits === undefined ? {} : { paidTier: { id: 'g1-pro-tier', name: 'Google AI Pro', availableCredits } }),
    };
  }

  /** It takes a moment. */
  #onboard(request: VendorRequest, body: Fields, who: string, reply: ServerResponse): void {
    this.#ledger.demand(request, body['tierId'] === 'free-tier', `tier ${String(body['tierId'])}`);
    const polls = (this.#polls.get(who) ?? 0) + 1;
    this.#polls.set(who, polls);
    if (polls < 2) return void sendJson(reply, 200, { name: 'operations/1', done: false });
    const id = `made-for-${who}`;
    this.#ready.set(who, new Set([id, ...(this.#identity.projects.get(who) ?? [])]));
    sendJson(reply, 200, { done: true, response: { cloudaicompanionProject: { id, name: id } } });
  }

  #count(request: VendorRequest, body: Fields, reply: ServerResponse): void {
    const inner = isFields(body['request']) ? body['request'] : {};
    this.#ledger.demand(request, Object.keys(body).join() === 'request', `members ${Object.keys(body).join()}`);
    this.#ledger.demand(request, Array.isArray(inner['contents']), 'no contents');
    this.#ledger.demand(request, inner['safetySettings'] === undefined, 'safetySettings');
    sendJson(reply, 200, { totalTokens: 7 });
  }

  #generate(request: VendorRequest, envelope: Fields, who: string, reply: ServerResponse): void {
    const stream = request.path.endsWith(':streamGenerateContent');
    const inner = isFields(envelope['request']) ? envelope['request'] : {};
    const wrong =
      this.#wrong(envelope, inner, who) ?? (stream && request.query.get('alt') !== 'sse' ? 'no alt=sse' : undefined);
    if (wrong !== undefined) {
      this.#ledger.complain(request, wrong);
      return void sendJson(reply, 400, { error: { code: 400, message: wrong, status: 'INVALID_ARGUMENT' } });
    }
    if (this.full.has(request.host)) {
      return void sendJson(reply, 503, {
        error: { code: 503, message: 'No capacity available for the model', status: 'UNAVAILABLE' },
      });
    }
    const pays = Array.isArray(envelope['enabledCreditTypes']) && (this.credits.get(who) ?? 0) > 0;
    if ((this.#ledger.isSpent(who) || this.spentProjects.has(String(envelope['project']))) && !pays)
      return void sendJson(reply, 429, SPENT);
    this.#ledger.counts.answers += 1;
    this.seen.push({ host: request.host, envelope });
    const wrap = (response: unknown): Fields => ({ response, traceId: 'trace-1' });
    sendAnswer(reply, {
      dialect: 'gemini',
      model: String(envelope['model']),
      stream,
      answer: { text: `Hello ${who}.` },
      wrap,
    });
  }

  #wrong(envelope: Fields, inner: Fields, who: string): string | undefined {
    const { model, project } = envelope;
    const strange = [
      ...Object.keys(envelope).filter((name) => !this.#kind.members.includes(name)),
      ...Object.keys(inner).filter((name) => !REQUEST.includes(name)),
    ];
    if (strange.length > 0) return `Unknown name "${strange[0]}"`;
    if (!this.#kind.models.includes(String(model))) return `no model ${String(model)}`;
    if (this.#ready.get(who)?.has(String(project)) !== true) return `no project ${String(project)} of ${who}`;
    if (!Array.isArray(inner['contents'])) return 'no contents';
    return this.#kind.check?.(envelope, inner);
  }
}

const RESET = '2030-01-01T00:00:00Z';
const BUCKET = { remainingAmount: '250', remainingFraction: 0.5, resetTime: RESET, tokenType: 'REQUESTS' };
const SPENT = {
  error: {
    code: 429,
    message: 'You have exhausted your capacity on this model. Your quota will reset after 1h0m0s.',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'QUOTA_EXHAUSTED',
        domain: 'cloudcode-pa.googleapis.com',
        metadata: { quotaResetDelay: '1h0m0s', model: 'm' },
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3600s' },
    ],
  },
};

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
