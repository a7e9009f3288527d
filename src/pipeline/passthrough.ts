import type { UpstreamCodec } from '../dialects/codec.ts';
import type { JsonObject, JsonValue, TranslationWarning } from '../ir/index.ts';
import { takesValue } from '../ir/rejected-fields.ts';
import {
  findMember,
  type JsonMember,
  lastOfEach,
  type MemberEdits,
  type ScannedObject,
  spliceMembers,
  spliceModel,
} from '../json-splice.ts';
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
import { prefixedSystem, takesPrefixAsItIs } from './system-prefix.ts';
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
  const passed = lifted(job, target, passThroughBody(job, target, rejected, added, reasoned?.edits));
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
  const { sets, defaults } = target.provider.quirks ?? {};
  if (sets === undefined && defaults === undefined) return cached;
  const own =
    job.exchange.operation === 'generate' ? { ...missing(job, defaults), ...sets } : compactDefaults(job, defaults);
  const set = Object.entries(own).map(([name, value]) => [name, JSON.stringify(value)]);
  return { ...cached, ...Object.fromEntries(set) };
}

/** Whoever sums up a conversation takes none of the members that shape an answer. */
function compactDefaults(job: Job, defaults: JsonObject = {}): JsonObject {
  const { instructions } = missing(job, defaults);
  return instructions === undefined ? {} : { instructions };
}

function missing({ body }: Job, defaults: JsonObject = {}): JsonObject {
  const absent = Object.entries(defaults).filter(([name]) => {
    const member = findMember(body, name);
    return member === undefined || memberText(body, member) === 'null';
  });
  return Object.fromEntries(absent);
}

function memberText({ bytes }: ScannedObject, { valueStart, valueEnd }: JsonMember): string {
  return bytes.toString('utf8', valueStart, valueEnd);
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
    call: upstreamCall(job, target, path, lifted(job, target, passThroughBody(job, target, []))),
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
  const { rejects, onlyValues } = target.provider.quirks ?? {};
  if (rejects === undefined && onlyValues === undefined) return NO_WARNINGS;
  const { label } = target.provider;
  const refused = (rejects ?? [])
    .filter((name) => findMember(job.body, name) !== undefined)
    .map((path) => ({ path, reason: `${label} rejects requests with this field` }));
  const others = Object.entries(onlyValues ?? {})
    .filter(([name, values]) => hasOtherValue(job, name, values))
    .map(([path]) => ({ path, reason: `${label} rejects requests with this value` }));
  return [...refused, ...others];
}

function hasOtherValue({ body }: Job, name: string, values: readonly JsonValue[]): boolean {
  const member = findMember(body, name);
  if (member === undefined) return false;
  try {
    const value: JsonValue = JSON.parse(memberText(body, member));
    return !takesValue(value, values);
  } catch {
    return true;
  }
}

const NO_WARNINGS: readonly TranslationWarning[] = [];

function lifted({ exchange }: Job, target: Target, body: Buffer): Buffer {
  const passed = target.credential.liftsSystemMessages === true ? liftSystemMessages(body) : body;
  return takesPrefixAsItIs(target, exchange.codec.id) ? prefixedSystem(target, passed) : passed;
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
