import { z } from 'zod';
import { duration, field, type Shape, section, whole } from './field.ts';

/** How one of several credentials is chosen. */
export interface RoutingChoice {
  readonly strategy: 'round-robin' | 'weighted-round-robin' | 'fill-first' | 'least-in-flight' | 'quota-headroom';
  readonly 'accounts-first': boolean;
  readonly 'session-affinity': boolean;
  /** A duration. */
  readonly 'session-affinity-ttl': string;
  readonly 'session-affinity-subagents': boolean;
}

const STRATEGIES = ['round-robin', 'weighted-round-robin', 'fill-first', 'least-in-flight', 'quota-headroom'] as const;

const STRATEGY_ALIASES: Readonly<Record<string, string>> = {
  '': 'round-robin',
  roundrobin: 'round-robin',
  rr: 'round-robin',
  weightedroundrobin: 'weighted-round-robin',
  wrr: 'weighted-round-robin',
  fillfirst: 'fill-first',
  ff: 'fill-first',
  leastinflight: 'least-in-flight',
  'least-busy': 'least-in-flight',
  lif: 'least-in-flight',
  quotaheadroom: 'quota-headroom',
  qh: 'quota-headroom',
};

/** How silent streams are kept open, and begun again. */
export interface StreamingConfig {
  readonly 'keepalive-seconds': number;
  readonly 'bootstrap-retries': number;
}

const seconds = (fallback: number): z.ZodType<number> => z.number().min(0).max(3600).default(fallback);

/** Retries, cooldowns and model names. */
export interface RoutingConfig {
  readonly 'request-retry': number;
  readonly 'max-retry-credentials': number;
  readonly 'max-retry-interval': number;
  readonly 'disable-cooling': boolean;
  readonly 'transient-error-cooldown-seconds': number;
  readonly 'force-model-prefix': boolean;
  readonly 'passthrough-headers': boolean;
  readonly 'nonstream-keepalive-interval': number;
  readonly streaming: StreamingConfig;
  readonly routing: RoutingChoice;
  readonly 'quota-exceeded': QuotaExceeded;
}

/** What to do when a quota is used up. */
export interface QuotaExceeded {
  readonly 'antigravity-credits': boolean;
}

/** Keys of retries, cooldowns and model names. */
export const routingShape: Shape<RoutingConfig> = {
  'request-retry': field(
    z.number().int().default(3),
    'now',
    'Further rounds over the credentials after the first one failed; 0: none.',
  ),
  'max-retry-credentials': field(z.number().int().default(0), 'now', 'Credentials tried per round; 0: all of them.'),
  'max-retry-interval': field(
    z.number().int().default(30),
    'now',
    'Longest wait for a cooldown between two rounds, in seconds; 0: never wait.',
  ),
  'disable-cooling': field(z.boolean().default(false), 'now', 'Do not pause credentials after failures.'),
  'transient-error-cooldown-seconds': field(
    whole(-1, 86_400).default(0),
    'now',
    'Pause of a credential after 408 and 5xx, in seconds; 0: the usual 60; -1: none.',
  ),
  'force-model-prefix': field(
    z.boolean().default(false),
    'now',
    'Credentials with a prefix serve only requests that name it (prefix/model).',
  ),
  'passthrough-headers': field(z.boolean().default(false), 'now', "Forward the provider's response headers."),
  'nonstream-keepalive-interval': field(
    seconds(0),
    'now',
    'Write an empty line every so many seconds while a non-streamed answer is under way; 0: off. Status 200 is sent with the first one: an error after it cuts the connection.',
  ),
  streaming: field(
    section<StreamingConfig>({
      'keepalive-seconds': field(
        seconds(15),
        'now',
        'Keep a stream open by a comment when it has been silent for so many seconds; 0: off. Status 200 is sent with the first one: an error after it is told in the stream.',
      ),
      'bootstrap-retries': field(
        whole(0, 100).default(0),
        'now',
        'Further rounds over the credentials for a stream of which nothing has been sent, beyond request-retry.',
      ),
    }),
    'now',
    'Behaviour of streams.',
  ),
  routing: field(
    section<RoutingChoice>({
      strategy: field(
        z
          .string()
          .trim()
          .toLowerCase()
          .transform((name) => STRATEGY_ALIASES[name] ?? name)
          .pipe(z.enum(STRATEGIES))
          .default('round-robin'),
        'now',
        'How one of several credentials is chosen: round-robin, weighted-round-robin, fill-first, least-in-flight or quota-headroom (the plan that is renewed soonest, as long as there is room left).',
      ),
      'accounts-first': field(
        z.boolean().default(true),
        'now',
        'Of the same priority, logged-in accounts come before API keys.',
      ),
      'session-affinity': field(
        z.boolean().default(true),
        'now',
        "Keep a conversation on one credential, where the provider's prompt cache knows it.",
      ),
      'session-affinity-ttl': field(
        duration('1h'),
        'now',
        'How long a conversation stays there after its last request, when the request does not say how long its cache lives.',
      ),
      'session-affinity-subagents': field(
        z.boolean().default(true),
        'now',
        'Sub-agents stay on the credential of the conversation that started them.',
      ),
    }),
    'now',
    'Choice among credentials.',
  ),
  'quota-exceeded': field(
    section<QuotaExceeded>(
      {
        'antigravity-credits': field(
          z.boolean().default(false),
          'now',
          'When nothing else is left, let accounts of Antigravity spend the credits of their Google One AI plan.',
        ),
      },
      {
        'switch-project': field(z.boolean().default(true), 'later', 'Go on with another project of the account.'),
        'switch-preview-model': field(z.boolean().default(true), 'later', 'Go on with the preview model.'),
      },
    ),
    'now',
    'What to do when a quota is used up.',
  ),
};
