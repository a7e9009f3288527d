/** What an upstream's failure means, whatever its dialect: the one table from which every dialect takes its names. */
export type ErrorKind =
  | 'context-too-long'
  | 'policy'
  | 'signature'
  | 'previous-response'
  | 'model-not-found'
  | 'billing'
  | 'usage-limit'
  | 'blocked'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'timeout'
  | 'conflict'
  | 'too-large'
  | 'rate-limit'
  | 'overloaded'
  | 'failed'
  | 'invalid-request';

/** Whom a failure condemns, in the words of the table of errors. */
type FailureCode =
  | 'upstream_rejected'
  | 'upstream_model_unavailable'
  | 'upstream_unauthorized'
  | 'upstream_payment_required'
  | 'upstream_forbidden'
  | 'upstream_rate_limited'
  | 'upstream_overloaded'
  | 'upstream_failed'
  | 'upstream_timeout';

/** One line of the table. */
export interface ErrorKindRow {
  readonly meaning: string;
  readonly code: FailureCode;
  /** Sent when the upstream's own status does not belong to the kind. */
  readonly status: number;
  /** Upstream statuses that mean it by themselves, and are kept where they come with its words. */
  readonly statuses: readonly number[];
  /** The upstream's `code` or `type`, and else its message, that mean it whatever the status. */
  readonly names?: RegExp;
  readonly message?: RegExp;
  /** The message means it with these statuses only. */
  readonly messageStatuses?: readonly number[];
  /** `type` and `code` for OpenAI's clients. */
  readonly openai: { readonly type: string; readonly code: string | null };
  /** `error.type` for Claude's clients. */
  readonly claude: string;
  /** `error.status` for Google's clients. */
  readonly gemini: string;
}

const INVALID = 'invalid_request_error';

/** The kinds in the order in which they are looked for by name, then by message, then by status. */
export const errorKinds: Readonly<Record<ErrorKind, ErrorKindRow>> = {
  'context-too-long': {
    meaning: 'The conversation is longer than the model can read',
    code: 'upstream_rejected',
    status: 400,
    statuses: [],
    names: /^(?:context_length_exceeded|context_too_large|string_above_max_length|model_max_prompt_tokens_exceeded)$/,
    message:
      /prompt is too long|maximum context length|context (?:window|length) (?:is )?exceed|exceeds? the (?:model's )?(?:maximum )?context|input token count.*exceeds|exceeds the context window|too many (?:input )?tokens in the (?:prompt|request)/i,
    openai: { type: INVALID, code: 'context_length_exceeded' },
    claude: INVALID,
    gemini: 'INVALID_ARGUMENT',
  },
  policy: {
    meaning: 'A rule of the provider forbids the content',
    code: 'upstream_rejected',
    status: 400,
    statuses: [],
    names: /^(?:cyber_policy|content_policy_violation|content_filter|moderation_blocked|ResponsibleAIPolicyViolation)$/,
    openai: { type: INVALID, code: 'content_policy_violation' },
    claude: INVALID,
    gemini: 'INVALID_ARGUMENT',
  },
  signature: {
    meaning: 'Reasoning of an earlier turn cannot be verified',
    code: 'upstream_rejected',
    status: 400,
    statuses: [],
    names: /^(?:thinking_signature_invalid|invalid_encrypted_content)$/,
    message: /invalid `?signature`? in `?thinking/i,
    openai: { type: INVALID, code: 'invalid_encrypted_content' },
    claude: INVALID,
    gemini: 'INVALID_ARGUMENT',
  },
  'previous-response': {
    meaning: 'The response that the request continues is gone',
    code: 'upstream_rejected',
    status: 400,
    statuses: [400, 404],
    names: /^previous_response_not_found$/,
    message: /^previous response .* not found|item .* not persisted/i,
    openai: { type: INVALID, code: 'previous_response_not_found' },
    claude: INVALID,
    gemini: 'INVALID_ARGUMENT',
  },
  'model-not-found': {
    meaning: 'The provider does not have the model, or not for this account',
    code: 'upstream_model_unavailable',
    status: 404,
    statuses: [404],
    names: /^(?:model_not_found|model_not_supported|model_not_available|model_decommissioned)$/,
    message:
      /\bmodel (?:['"`][\w./:@-]+['"`] )?(?:is )?(?:not supported|unsupported|not available|unavailable|does not exist)\b|\bunsupported model\b|\bnot available (?:for|on|in|with) your (?:plan|account|subscription)\b|\bdoes not exist or you(?:r team)? do(?:es)? not have access\b|^model: [\w.:@-]+$|\bmodels\/\S+ is not found\b/i,
    messageStatuses: [400, 404, 422],
    openai: { type: INVALID, code: 'model_not_found' },
    claude: 'not_found_error',
    gemini: 'NOT_FOUND',
  },
  billing: {
    meaning: 'The account has no money or credit',
    code: 'upstream_payment_required',
    status: 402,
    statuses: [402, 429],
    names: /^(?:insufficient_quota|billing_error|billing_hard_limit_reached|billing_not_active|insufficient_balance)$/,
    message: /credit balance is too low|insufficient (?:balance|credits|funds)/i,
    openai: { type: 'insufficient_quota', code: 'insufficient_quota' },
    claude: 'billing_error',
    gemini: 'FAILED_PRECONDITION',
  },
  'usage-limit': {
    meaning: "The plan's allowance is used up until it resets",
    code: 'upstream_rate_limited',
    status: 429,
    statuses: [],
    names:
      /^(?:usage_limit_reached|usage_limit_exceeded|quota_exceeded|QUOTA_EXHAUSTED|(?:\w+:)?free-usage-exhausted)$/,
    message: /\bfree-usage-exhausted\b/,
    openai: { type: 'usage_limit_reached', code: 'usage_limit_reached' },
    claude: 'rate_limit_error',
    gemini: 'RESOURCE_EXHAUSTED',
  },
  blocked: {
    meaning: "A firewall in front of the provider answered 403 with a page, such as Cloudflare's challenge",
    code: 'upstream_failed',
    status: 502,
    statuses: [],
    names: /^HTML_PAGE_403$/,
    openai: { type: 'server_error', code: 'internal_server_error' },
    claude: 'api_error',
    gemini: 'UNAVAILABLE',
  },
  unauthorized: {
    meaning: 'The key or token is refused',
    code: 'upstream_unauthorized',
    status: 401,
    statuses: [401],
    names:
      /^(?:invalid_api_key|authentication_error|invalid_authentication|UNAUTHENTICATED|API_KEY_INVALID|invalid_grant)$/,
    message: /\binvalid_grant\b/,
    messageStatuses: [400, 401],
    openai: { type: 'authentication_error', code: 'invalid_api_key' },
    claude: 'authentication_error',
    gemini: 'UNAUTHENTICATED',
  },
  forbidden: {
    meaning: 'The key may not do this',
    code: 'upstream_forbidden',
    status: 403,
    statuses: [403],
    names: /^(?:permission_error|permission_denied|PERMISSION_DENIED)$/,
    openai: { type: 'permission_error', code: 'insufficient_quota' },
    claude: 'permission_error',
    gemini: 'PERMISSION_DENIED',
  },
  'too-large': {
    meaning: 'The body is larger than the provider takes',
    code: 'upstream_rejected',
    status: 413,
    statuses: [413],
    names: /^(?:request_too_large|message_too_big)$/,
    openai: { type: INVALID, code: 'request_too_large' },
    claude: 'request_too_large',
    gemini: 'INVALID_ARGUMENT',
  },
  overloaded: {
    meaning: 'The provider has no capacity',
    code: 'upstream_overloaded',
    status: 529,
    statuses: [503, 529],
    names: /^(?:overloaded_error|overloaded|server_is_overloaded|service_unavailable_error|slow_down)$/,
    openai: { type: 'server_error', code: 'server_is_overloaded' },
    claude: 'overloaded_error',
    gemini: 'UNAVAILABLE',
  },
  'rate-limit': {
    meaning: 'Too many requests or tokens for now',
    code: 'upstream_rate_limited',
    status: 429,
    statuses: [429],
    names: /^(?:rate_limit_error|rate_limit_exceeded|RESOURCE_EXHAUSTED)$/,
    message: /selected model is at capacity/i,
    openai: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    claude: 'rate_limit_error',
    gemini: 'RESOURCE_EXHAUSTED',
  },
  timeout: {
    meaning: 'The provider, or a gateway before it, gave up waiting',
    code: 'upstream_timeout',
    status: 504,
    statuses: [408, 504, 524],
    names: /^(?:timeout_error|DEADLINE_EXCEEDED)$/,
    openai: { type: 'server_error', code: 'request_timeout' },
    claude: 'timeout_error',
    gemini: 'DEADLINE_EXCEEDED',
  },
  'not-found': {
    meaning: 'The provider has no such model, file or endpoint',
    code: 'upstream_rejected',
    status: 404,
    statuses: [404],
    names: /^(?:not_found_error|NOT_FOUND)$/,
    openai: { type: INVALID, code: 'model_not_found' },
    claude: 'not_found_error',
    gemini: 'NOT_FOUND',
  },
  conflict: {
    meaning: 'The request does not fit the state of what it names',
    code: 'upstream_rejected',
    status: 409,
    statuses: [409],
    names: /^ABORTED$/,
    openai: { type: INVALID, code: 'conflict' },
    claude: 'conflict_error',
    gemini: 'ABORTED',
  },
  'invalid-request': {
    meaning: 'The request is wrong',
    code: 'upstream_rejected',
    status: 400,
    statuses: [400, 405, 406, 411, 414, 415, 422],
    names:
      /^(?:invalid_request_error|invalid_request|bad_request_error|invalid_prompt|invalid_value|unsupported_value|INVALID_ARGUMENT)$/,
    openai: { type: INVALID, code: null },
    claude: INVALID,
    gemini: 'INVALID_ARGUMENT',
  },
  failed: {
    meaning: 'The provider, or a gateway before it, failed',
    code: 'upstream_failed',
    status: 502,
    // 425 asks for another try; 499 and 520 to 530 come from gateways before the provider.
    statuses: [425, 500, 501, 502, 503, 520, 521, 522, 523, 525, 526, 527, 530],
    openai: { type: 'server_error', code: 'internal_server_error' },
    claude: 'api_error',
    gemini: 'INTERNAL',
  },
};

const names: readonly ErrorKind[] = Object.keys(errorKinds).filter(isErrorKind);

function isErrorKind(name: string): name is ErrorKind {
  return Object.hasOwn(errorKinds, name);
}

/** What of an upstream's failure tells its kind. */
export interface FailureWords {
  readonly status: number;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly message: string;
}

/** Statuses that are believed whatever the words say: OpenAI calls a wrong key an `invalid_request_error`. */
const clear: ReadonlySet<number> = new Set([401, 402, 403, 408, 504, 524, 529]);
/** Words that a clear status, or one that limits, does not outdo. */
const stronger: ReadonlySet<ErrorKind> = new Set([
  'billing',
  'usage-limit',
  'blocked',
  'overloaded',
  'model-not-found',
]);

/** A token that xAI refuses with 403. */
const BAD_CREDENTIALS = /\bbad-credentials\b/;

/** Kinds that share their statuses with more general ones. */
const onlyNamed: ReadonlySet<ErrorKind> = new Set(['billing', 'previous-response', 'model-not-found']);

/** The kind of an upstream's failure: a name in it is surer than its message, and that surer than its status. */
export function errorKindOf(failure: FailureWords): ErrorKind {
  return named(failure) ?? ofStatus(failure.status);
}

function named({ status, code = '', type = '', message }: FailureWords): ErrorKind | undefined {
  if (status === 403 && BAD_CREDENTIALS.test(`${code} ${message}`)) return 'unauthorized';
  const isClear = clear.has(status) || status === 429;
  const candidates = isClear ? names.filter((kind) => stronger.has(kind)) : names;
  const byName = (name: string): ErrorKind | undefined =>
    candidates.find((kind) => errorKinds[kind].names?.test(name) === true);
  const byMessage = (): ErrorKind | undefined =>
    candidates.find((kind) => {
      const row = errorKinds[kind];
      return row.message?.test(message) === true && row.messageStatuses?.includes(status) !== false;
    });
  const byCode = byName(code);
  // A general type such as `invalid_request_error` says less than the words beside it.
  return byCode ?? byMessage() ?? byName(type);
}

function ofStatus(status: number): ErrorKind {
  if (status === 402) return 'billing';
  if (status === 503) return 'failed';
  const known = names.find((kind) => !onlyNamed.has(kind) && errorKinds[kind].statuses.includes(status));
  if (known !== undefined) return known;
  return status >= 500 || status === 499 ? 'failed' : 'invalid-request';
}

/** The status that the client gets: the upstream's own where it fits the kind. */
export function statusOfKind(kind: ErrorKind, status: number): number {
  const row = errorKinds[kind];
  if (row.statuses.includes(status)) return status;
  // A refused request by another 4xx, a failure by another 5xx.
  const isRequest = row.code === 'upstream_rejected';
  if (isRequest && row.statuses.length === 0 && [400, 413, 422].includes(status)) return status;
  if (kind === 'invalid-request' && status >= 400 && status < 499) return status;
  if (kind === 'failed' && status >= 500 && status < 600) return status;
  return row.status;
}

/** Words of Claude's API that would mean nothing to OpenAI's clients. */
const claudeWords: ReadonlySet<string> = new Set(Object.values(errorKinds).map((row) => row.claude));

/** The upstream's own `type` or `code`, if it is one that OpenAI's clients may know. */
export function openAiName(name: string | undefined): string | undefined {
  if (name === undefined || !/^[a-z][a-z0-9_.-]*$/.test(name)) return undefined;
  const isOpenAi = Object.values(errorKinds).some(({ openai }) => openai.type === name || openai.code === name);
  return isOpenAi || !claudeWords.has(name) ? name : undefined;
}

/** "try again in 1m2.5s", "retry in 34s", "after 20 seconds" -> milliseconds. */
export function delayInMessage(message: string): number | undefined {
  const match =
    /(?:(?:try again|retry|reset) (?:in|after)|after) ((?:[\d.]+ ?(?:ms|milliseconds?|hours?|h|minutes?|min|m|seconds?|sec|s)(?![a-z]) ?)+)/i.exec(
      message,
    );
  if (match === null) return undefined;
  let total = 0;
  for (const [, amount, unit = ''] of (match[1] ?? '').matchAll(/([\d.]+) ?([a-z]+)/gi)) {
    total += Number(amount) * unitMs(unit.toLowerCase());
  }
  return Number.isFinite(total) ? Math.ceil(total) : undefined;
}

function unitMs(unit: string): number {
  if (unit === 'ms' || unit.startsWith('milli')) return 1;
  if (unit.startsWith('h')) return 3_600_000;
  return unit.startsWith('m') ? 60_000 : 1000;
}
