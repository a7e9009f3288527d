import { z } from 'zod';
import { field, object, type Shape, section, whole } from './field.ts';

/** Limits per time; 0: none. */
export interface RateLimitsEntry {
  readonly 'requests-per-minute': number;
  readonly 'tokens-per-minute': number;
  readonly 'max-tokens-per-request': number;
  readonly burst: number;
}

/** The `limits` section. */
export interface LimitsSection {
  readonly 'max-in-flight': number;
  readonly 'max-wait-seconds': number;
  readonly 'max-waiting': number;
  readonly total?: RateLimitsEntry | undefined;
  readonly providers: Readonly<Record<string, RateLimitsEntry>>;
}

/** How much may be asked of providers, and whether their servers are watched. */
export interface LimitsConfig {
  readonly limits: LimitsSection;
  readonly 'health-checks': boolean;
}

/** Limits of one provider. */
export const rateLimits: z.ZodType<RateLimitsEntry> = object<RateLimitsEntry>({
  'requests-per-minute': field(whole(0, 1e9).default(0), 'now', 'Requests per minute; 0: any number.'),
  'tokens-per-minute': field(whole(0, 1e12).default(0), 'now', 'Tokens per minute, in and out; 0: any number.'),
  'max-tokens-per-request': field(
    whole(0, 1e9).default(0),
    'now',
    'Tokens that one request may bring, and that it may ask for; 0: any number.',
  ),
  burst: field(whole(1, 1e9).default(10), 'now', 'Requests that may come at once after a pause.'),
});

/** Keys of limits and health checks; inside limits they may be written in snake_case or kebab-case. */
export const limitsShape: Shape<LimitsConfig> = {
  limits: field(
    section<LimitsSection>({
      'max-in-flight': field(
        whole(0, 1e6).default(0),
        'now',
        'Requests at a time of one credential; 0: any number. An account may have its own in its file, as max_in_flight.',
      ),
      'max-wait-seconds': field(
        z.number().min(0).max(3600).default(10),
        'now',
        'How long a request waits for room under the limits before it is answered with 429, in seconds; 0: not at all.',
      ),
      'max-waiting': field(whole(0, 1e6).default(1000), 'now', 'Requests that may wait at a time.'),
      total: field(rateLimits.optional(), 'now', 'Limits of all providers together.'),
      providers: field(
        z.record(z.string(), rateLimits).default({}),
        'now',
        'Limits by provider; default: those of each provider that is not named.',
        { example: { default: { 'requests-per-minute': 600 } } },
      ),
    }),
    'now',
    'How much may be asked of providers, beside the limits that they have of their own.',
  ),
  'health-checks': field(
    z.boolean().default(true),
    'now',
    'Every 30 s, see whether servers answer that failed or that no request has visited for a while: a HEAD request without the key. Only servers in use in the last ten minutes, or that failed in the last day.',
  ),
};
