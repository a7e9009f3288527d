import type { ReasoningSettings, UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import {
  collectWarnings,
  type GenerationRequest,
  type JsonObject,
  type JsonValue,
  type ReasoningConfig,
  type TranslationWarning,
} from '../ir/index.ts';
import { findMember, type JsonMember, type MemberEdits } from '../json-splice.ts';
import { type ReasoningContext, type ResolvedReasoning, resolveReasoning, supportOf } from '../models/reasoning.ts';
import type { Target } from '../routing/target.ts';
import { encodeTarget } from './encode-target.ts';
import type { Job } from './job.ts';

/** A request whose reasoning settings its target takes; paths of the hub in the warnings. */
export interface ReasonedRequest {
  readonly request: GenerationRequest;
  readonly warnings: readonly TranslationWarning[];
}

/** What a body that goes through has to say instead of its own reasoning settings. */
export interface ReasoningEdits {
  readonly edits: MemberEdits;
  readonly warnings: readonly TranslationWarning[];
}

/** Throws ProxyError `invalid_request` for settings that a model of the client's own family does not have. */
export function withReasoning(job: Job, target: Target, codec: UpstreamCodec): ReasonedRequest {
  const request = job.request();
  const resolved = resolve(request.reasoning, job, target, codec);
  const { warnings } = resolved;
  const reasoning = withoutUnknown(resolved.reasoning);
  if (reasoning === request.reasoning) return { request, warnings };
  const { reasoning: _, ...rest } = request;
  return { request: reasoning === undefined ? rest : { ...rest, reasoning }, warnings };
}

/** Encoders write what they know; the rest is an extension of the client's dialect. */
function withoutUnknown(config: ReasoningConfig | undefined): ReasoningConfig | undefined {
  if (config?.unknownEffort === undefined) return config;
  const { unknownEffort: _, ...known } = config;
  return Object.keys(known).length === 0 ? undefined : known;
}

/** What says how much is thought; how it is shown is always the body's. */
const AMOUNT: ReadonlySet<string> = new Set([
  'reasoning',
  'reasoning.effort',
  'reasoning.budgetTokens',
  'reasoning.adaptive',
]);

/** Warnings of an encoder, which does not know that the model name, `model(high)`, said how much to think. */
export function namedBySuffix(
  { reasoning }: Target,
  warnings: readonly TranslationWarning[],
): readonly TranslationWarning[] {
  if (reasoning === undefined) return warnings;
  return warnings.map((warning) => (AMOUNT.has(warning.path) ? { ...warning, path: 'model' } : warning));
}

/** The same for a body in the target's own dialect; undefined: it can go as it is. */
export function reasoningEdits(job: Job, target: Target, codec: UpstreamCodec): ReasoningEdits | undefined {
  const settings = codec.reasoning;
  const asked = target.reasoning !== undefined;
  if (settings === undefined || (!asked && !isChecked(target))) return undefined;
  const members = readMembers(job, settings);
  if (members === undefined && !asked) return undefined;
  const stated = members && read(settings, members);
  const resolved = resolve(stated, job, target, codec);
  const mustWrite = members !== undefined && settings.mustWrite?.(members) === true;
  if (resolved.reasoning === stated && !mustWrite) return undefined;
  const { warnings, warn } = collectWarnings();
  const values = settings.write(wholeBody(job), resolved.reasoning, encodeTarget(target, job.stream), warn);
  return {
    edits: editsOf(values),
    warnings: [...resolved.warnings, ...namedBySuffix(target, warnings)].map(({ path, reason }) => ({
      path: job.exchange.codec.clientPath(path),
      reason,
    })),
  };
}

function resolve(
  stated: ReasoningConfig | undefined,
  job: Job,
  target: Target,
  codec: UpstreamCodec,
): ResolvedReasoning {
  const suffix = target.reasoning;
  const summary = stated?.summary;
  // The model name's own wish, `model(high)`, stands above the body's; only how it is shown stays.
  const wanted = suffix === undefined ? stated : { ...suffix, ...(summary !== undefined && { summary }) };
  return resolveReasoning(wanted, supportOf(target.info), contextOf(job, target, codec));
}

function contextOf(job: Job, target: Target, codec: UpstreamCodec): ReasoningContext {
  const client = job.exchange.codec;
  const targetFamily = target.provider.reasoningFamily ?? codec.reasoning?.family;
  return {
    model: job.model,
    sameFamily: client.reasoning?.family === targetFamily && !isUserDefined(target),
    userDefined: isUserDefined(target),
    fromSuffix: target.reasoning !== undefined,
    canAlwaysStop: codec.reasoning?.canAlwaysStop === true,
    clientPath: (path) => client.clientPath(path),
  };
}

/** Whether a body that names the model alone is compared with what the model takes. */
function isChecked(target: Target): boolean {
  return supportOf(target.info) !== undefined && !isUserDefined(target);
}

/** A model of the user's own list: the server behind it may take more than the catalogue says, unless the user says so. */
function isUserDefined({ credential, model }: Target): boolean {
  const listed = credential.models?.find(({ name }) => name === model);
  return listed !== undefined && listed.info?.reasoning === undefined;
}

/** What the body itself says of reasoning, without the rest of it being read. */
export function statedReasoning(job: Job): ReasoningConfig | undefined {
  const settings = job.exchange.codec.reasoning;
  const members = settings && readMembers(job, settings);
  return settings && members && read(settings, members);
}

function readMembers({ body }: Job, { members, alongside = [] }: ReasoningSettings): JsonObject | undefined {
  if (members.every((name) => findMember(body, name) === undefined)) return undefined;
  const found = [...members, ...alongside].flatMap((name) => findMember(body, name) ?? []);
  return Object.fromEntries(found.map((member) => [member.key, parseMember(body.bytes, member)]));
}

function wholeBody({ body }: Job): JsonObject {
  return Object.fromEntries(body.members.map((member) => [member.key, parseMember(body.bytes, member)]));
}

function parseMember(bytes: Buffer, { key, valueStart, valueEnd }: JsonMember): JsonValue {
  try {
    const value: JsonValue = JSON.parse(bytes.toString('utf8', valueStart, valueEnd));
    return value;
  } catch (cause) {
    throw new ProxyError('invalid_json', `${key}: the value is not valid JSON`, { path: key, cause });
  }
}

/** What cannot be read here may be newer than this program: the upstream will say what it thinks of it. */
function read(settings: ReasoningSettings, members: JsonObject): ReasoningConfig | undefined {
  try {
    return settings.read(members);
  } catch (thrown) {
    if (thrown instanceof ProxyError) return undefined;
    throw thrown;
  }
}

function editsOf(values: Readonly<Record<string, JsonValue | undefined>>): MemberEdits {
  const entries = Object.entries(values);
  return {
    remove: entries.flatMap(([name, value]) => (value === undefined ? [name] : [])),
    set: Object.fromEntries(
      entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, JSON.stringify(value)]])),
    ),
  };
}
