import type { Job } from './job.ts';
import { askedOutput } from './output-limit.ts';
import { needsOf } from './request-needs.ts';

/** Tokens that a request is expected to take. */
export interface RequestTokens {
  readonly input: number;
  /** The most that it lets come out. */
  readonly output: number;
}

const NOTHING: RequestTokens = { input: 0, output: 0 };

/** An estimate out of the body's bytes; a count of tokens takes none. */
export function requestTokens(job: Job): RequestTokens {
  if (job.exchange.operation === 'count-tokens') return NOTHING;
  return { input: needsOf(job).inputTokens, output: askedOutput(job) };
}
