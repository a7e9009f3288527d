import type { DialectId, JsonObject } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';
import { type MemberEdits, scanObject, spliceMembers } from '../json-splice.ts';
import { parseModelSuffix } from '../models/suffix.ts';
import {
  applyRules,
  matchingHeaders,
  type PayloadChanges,
  type PayloadRule,
  withoutImageGeneration,
} from '../payload/index.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';

const NO_RULES: readonly PayloadRule[] = [];

/** A translated body after the configuration's changes. `original` is what the client's own request translates to. */
export function changePayload(
  job: Job,
  target: Target,
  dialect: DialectId,
  body: JsonObject,
  original: () => JsonObject,
): JsonObject {
  const { payload } = job.options.settings;
  if (payload === undefined) return body;
  const stripped = payload.stripsImageTools ? withoutImageGeneration(body) : body;
  const rules = rulesFor(payload, job, target, dialect);
  return rules.length === 0 ? stripped : applyRules(rules, stripped, original);
}

/**
 * A body in the upstream's own dialect after the configuration's changes; the same bytes when there are none, which for
 * almost every request is known without parsing them. Members that do not change keep their exact bytes.
 */
export function changePassedBody(job: Job, target: Target, dialect: DialectId, bytes: Buffer): Buffer {
  const { payload } = job.options.settings;
  if (payload === undefined) return bytes;
  const rules = rulesFor(payload, job, target, dialect);
  const strips = payload.stripsImageTools && bytes.includes('image_generation');
  if (rules.length === 0 && !strips) return bytes;
  const before = parseJsonObject(bytes.toString('utf8'));
  // A wrong escape: the upstream will say so.
  if (before === undefined) return bytes;
  const stripped = strips ? withoutImageGeneration(before) : before;
  const after = applyRules(rules, stripped, () => clientBody(job, target, before));
  const scanned = after === before ? undefined : scanObject(bytes);
  return scanned === undefined ? bytes : spliceMembers(scanned, difference(before, after));
}

/** What the client itself said; the suffix of its model name, `model(high)`, is part of that. */
function clientBody({ body }: Job, { reasoning }: Target, sent: JsonObject): JsonObject {
  return reasoning === undefined ? (parseJsonObject(body.bytes.toString('utf8')) ?? sent) : sent;
}

function rulesFor({ rules }: PayloadChanges, job: Job, target: Target, dialect: DialectId): readonly PayloadRule[] {
  if (rules === undefined) return NO_RULES;
  const { base } = parseModelSuffix(job.model);
  const candidates = rules.candidates({
    providerId: target.provider.id,
    dialect,
    clientDialect: job.exchange.codec.id,
    models: [...new Set([target.model, base, job.model])],
  });
  return matchingHeaders(candidates, job.exchange.headers);
}

/** Members are shared as long as nothing in them changed. */
function difference(before: JsonObject, after: JsonObject): MemberEdits {
  const set = Object.entries(after).flatMap(([key, value]): [string, string][] =>
    value === undefined || value === before[key] ? [] : [[key, JSON.stringify(value)]],
  );
  return {
    remove: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
    set: Object.fromEntries(set),
  };
}
