import type { UpstreamCodec } from '../dialects/codec.ts';
import type { TranslationWarning } from '../ir/index.ts';
import { findMember, lastOfEach, type MemberEdits, spliceMembers, spliceModel } from '../json-splice.ts';
import type { Endpoint } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { AnswerWriter, PreparedAttempt } from './answer-writer.ts';
import { passedHeaders } from './enveloped.ts';
import type { Job } from './job.ts';
import { liftSystemMessages } from './lift-system.ts';
import { outputWarnings, withinOutputLimit } from './output-limit.ts';
import { PassThroughArray } from './passthrough-array.ts';
import { PassThroughStream } from './passthrough-stream.ts';
import { PassThroughWhole } from './passthrough-whole.ts';
import { changePassedBody } from './payload-edits.ts';
import { cacheMembers } from './prompt-cache.ts';
import { reasoningEdits } from './reasoning.ts';
import { lossyTranslation } from './translate.ts';
import { upstreamCall } from './upstream-call.ts';

/** An attempt in the client's own dialect: the bytes go through, only what must change is spliced. */
export function preparePassThrough(
  job: Job,
  target: Target,
  endpoint: Endpoint,
  codec: UpstreamCodec,
): PreparedAttempt {
  const rejected = rejectedMembers(job, target);
  const reasoned = reasoningEdits(job, target, codec);
  const lowered = outputWarnings(job, target);
  const isAsItIs = reasoned === undefined && lowered.length === 0;
  const warnings = isAsItIs ? rejected : [...rejected, ...(reasoned?.warnings ?? []), ...lowered];
  if (job.strict && warnings.length > 0) throw lossyTranslation(warnings);
  const path = job.stream ? streamPath(job, endpoint) : endpoint.path;
  const writer = createWriter(job, target, codec, warnings);
  const added = addedMembers(job, target, endpoint);
  const passed = lifted(target, passThroughBody(job, target, rejected, added, reasoned?.edits));
  const body = lowered.length === 0 ? passed : withinOutputLimit(job, target, passed);
  return {
    dialect: endpoint.dialect,
    call: upstreamCall(
      job,
      target,
      path,
      changePassedBody(job, target, endpoint.dialect, body),
      passedHeaders(job, target, endpoint),
    ),
    writer,
    warnings,
  };
}

function createWriter(
  job: Job,
  target: Target,
  codec: UpstreamCodec,
  warnings: readonly TranslationWarning[],
): AnswerWriter {
  if (!job.stream) return new PassThroughWhole(job, target, codec, warnings);
  return job.exchange.framing === 'sse'
    ? new PassThroughStream(job, target, codec, warnings)
    : new PassThroughArray(job, target, codec, warnings);
}

function addedMembers(job: Job, target: Target, { dialect }: Endpoint): Readonly<Record<string, string>> | undefined {
  const cached = cacheMembers(job, target, dialect);
  const { sets } = target.provider.quirks ?? {};
  if (sets === undefined || job.exchange.operation !== 'generate') return cached;
  const set = Object.entries(sets).map(([name, value]) => [name, JSON.stringify(value)]);
  return { ...cached, ...Object.fromEntries(set) };
}

/** A token count in the client's own dialect. */
export function prepareCountPassThrough(
  job: Job,
  target: Target,
  endpoint: Endpoint,
  path: string,
  codec: UpstreamCodec,
): PreparedAttempt {
  return {
    dialect: endpoint.dialect,
    call: upstreamCall(job, target, path, lifted(target, passThroughBody(job, target, []))),
    writer: new PassThroughWhole(job, target, codec, []),
    warnings: [],
  };
}

function streamPath(job: Job, endpoint: Endpoint): string {
  const path = endpoint.streamPath ?? endpoint.path;
  // The client wants the stream as one JSON array: the upstream's own form when SSE is not asked for.
  return job.exchange.framing === 'json-array' ? path.replace(/[?&]alt=sse$|(?<=[?&])alt=sse&/, '') : path;
}

function rejectedMembers(job: Job, target: Target): readonly TranslationWarning[] {
  const rejects = target.provider.quirks?.rejects;
  if (rejects === undefined) return NO_WARNINGS;
  return rejects
    .filter((name) => findMember(job.body, name) !== undefined)
    .map((path) => ({ path, reason: `${target.provider.label} rejects requests with this field` }));
}

const NO_WARNINGS: readonly TranslationWarning[] = [];

function lifted({ credential }: Target, body: Buffer): Buffer {
  return credential.liftsSystemMessages === true ? liftSystemMessages(body) : body;
}

function passThroughBody(
  job: Job,
  target: Target,
  rejected: readonly TranslationWarning[],
  added?: Readonly<Record<string, string>>,
  edits?: MemberEdits,
): Buffer {
  const { exchange } = job;
  const body = lastOfEach(job.body);
  // A model in the URL is changed there; such bodies name none.
  const renamed = exchange.urlModel === undefined && job.model !== target.model;
  if (rejected.length > 0 || added !== undefined || edits !== undefined) {
    const remove = rejected.map((warning) => warning.path);
    const set = renamed
      ? { ...edits?.set, ...added, model: JSON.stringify(target.model) }
      : { ...edits?.set, ...added };
    // What the server rejects must not come back in.
    const kept = Object.entries(set).filter(([name]) => !remove.includes(name));
    return spliceMembers(body, { remove: [...remove, ...(edits?.remove ?? [])], set: Object.fromEntries(kept) });
  }
  return renamed ? spliceModel(body, target.model) : body.bytes;
}
