import { z } from 'zod';
import { field, object, type Shape, whole } from './field.ts';

const causes = [
  'rate-limit',
  'overloaded',
  'unavailable',
  'timeout',
  'context-length',
  'content-filter',
  'error',
] as const;

/** Models that answer when another one cannot. */
export interface FallbackEntry {
  readonly model: string;
  readonly to: readonly string[];
  readonly when: readonly (typeof causes)[number][];
}

/** How far a request goes for an answer. */
export interface FailoverConfig {
  readonly fallbacks: readonly FallbackEntry[];
  readonly 'attempt-budget': number;
  readonly 'request-deadline-seconds': number;
}

const name = z.string().trim().min(1, { error: 'expected a model name' });

const fallback: z.ZodType<FallbackEntry> = object<FallbackEntry>({
  model: field(name, 'now', 'The model that clients ask for; * stands for any text.', { example: 'your-model' }),
  to: field(
    z.union([name.transform((one) => [one]), z.array(name).min(1, { error: 'expected at least one model' })]),
    'now',
    'Models that answer instead, in this order: model or provider/model.',
    { example: ['another-model'] },
  ),
  when: field(
    z.union([z.enum(causes).transform((one) => [one]), z.array(z.enum(causes))]).default([]),
    'now',
    `After which failures: ${causes.join(', ')}. Empty: all but context-length and content-filter.`,
  ),
});

/** Keys of fallbacks, attempts and deadlines. */
export const failoverShape: Shape<FailoverConfig> = {
  fallbacks: field(
    z.array(fallback).default([]),
    'now',
    'Models that answer when all credentials of the asked one failed or are paused.',
  ),
  'attempt-budget': field(
    whole(0, 100_000).default(32),
    'now',
    'The most attempts of one request, all rounds and fallbacks together; 0: any number.',
  ),
  'request-deadline-seconds': field(
    z.number().min(0).max(86_400).default(0),
    'now',
    'How long a client waits for the first byte of an answer, all attempts together, in seconds; 0: as long as it takes.',
  ),
};
