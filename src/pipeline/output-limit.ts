import type { GenerationRequest, TranslationWarning } from '../ir/index.ts';
import { findMember, type JsonMember, type ScannedObject, scanNested, scanObject } from '../json-splice.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';
import { statedReasoning } from './reasoning.ts';

/** Where a body says how many tokens may come out at most, and how many. */
interface OutputLimit {
  readonly path: string;
  readonly member: JsonMember;
  readonly tokens: number;
}

/** The most tokens that a request lets come out; 0: it does not say. */
export function askedOutput({ body, exchange }: Job): number {
  return Math.max(0, ...outputLimits(body, exchange.codec.outputLimits ?? []).map(({ tokens }) => tokens));
}

/** What is told when a body asks for more than the configuration allows; nothing when it does not. */
export function outputWarnings(job: Job, target: Target): readonly TranslationWarning[] {
  const most = job.options.pool.mostTokens?.(target);
  if (most === undefined) return NONE;
  return outputLimits(job.body, job.exchange.codec.outputLimits ?? [])
    .filter(({ tokens }) => tokens > most)
    .map(({ path, tokens }) => ({ path, reason: loweredFrom(tokens, most) }));
}

function loweredFrom(tokens: number, most: number): string {
  return `lowered from ${tokens} to ${most}, which is all that max-tokens-per-request allows`;
}

const NONE: readonly TranslationWarning[] = [];

/** A body that asks for no more than the configuration allows; the same bytes when it does not. */
export function withinOutputLimit(job: Job, target: Target, bytes: Buffer): Buffer {
  const most = job.options.pool.mostTokens?.(target);
  if (most === undefined) return bytes;
  const scanned = scanObject(bytes);
  if (scanned === undefined) return bytes;
  const found = outputLimits(scanned, job.exchange.codec.outputLimits ?? []).filter(({ tokens }) => tokens > most);
  let lowered = bytes;
  // From the last to the first, so that the places of the others stay.
  for (const { member } of found.toSorted((a, b) => b.member.valueStart - a.member.valueStart)) {
    const { valueStart, valueEnd } = member;
    lowered = Buffer.concat([lowered.subarray(0, valueStart), Buffer.from(`${most}`), lowered.subarray(valueEnd)]);
  }
  return lowered;
}

/** Whether less may come out than the body wants to be thought: only an encoder can make one fit the other. */
export function thinksBeyondLimit(job: Job, target: Target): boolean {
  const most = job.options.pool.mostTokens?.(target);
  return most !== undefined && (statedReasoning(job)?.budgetTokens ?? 0) >= most;
}

/** A request that asks for no more than the configuration allows; paths of the hub in the warnings. */
export function withOutputLimit(
  request: GenerationRequest,
  most: number | undefined,
): { readonly request: GenerationRequest; readonly warnings: readonly TranslationWarning[] } {
  const asked = request.sampling.maxOutputTokens;
  if (most === undefined || asked === undefined || asked <= most) return { request, warnings: NONE };
  return {
    request: { ...request, sampling: { ...request.sampling, maxOutputTokens: most } },
    warnings: [{ path: 'sampling.maxOutputTokens', reason: loweredFrom(asked, most) }],
  };
}

function outputLimits(body: ScannedObject, paths: readonly string[]): OutputLimit[] {
  return paths.flatMap((path) => {
    const [outer = '', inner] = path.split('.');
    const object = inner === undefined ? body : nestedIn(body, outer);
    const member = object && findMember(object, inner ?? outer);
    if (member === undefined) return [];
    const tokens = Number(body.bytes.toString('latin1', member.valueStart, member.valueEnd));
    return Number.isFinite(tokens) && tokens > 0 ? [{ path, member, tokens }] : [];
  });
}

function nestedIn(body: ScannedObject, name: string): ScannedObject | undefined {
  return findMember(body, name) === undefined ? undefined : scanNested(body.bytes, name)?.inner;
}
