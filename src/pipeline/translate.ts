import type { UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { JsonObject, TranslationWarning } from '../ir/index.ts';
import { withClientPlaces } from '../ir/part-place.ts';
import type { Endpoint } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt } from './answer-writer.ts';
import { encodeTarget } from './encode-target.ts';
import { envelopeHeaders, wrapBody } from './enveloped.ts';
import type { Job } from './job.ts';
import { withOutputLimit } from './output-limit.ts';
import { withOutputTool } from './output-tool.ts';
import { changePayload } from './payload-edits.ts';
import { cacheable, cacheHeader, setsBreakpoints } from './prompt-cache.ts';
import { withReadableMedia } from './readable-media.ts';
import { namedBySuffix, withReasoning } from './reasoning.ts';
import { withSettableSampling } from './settable-sampling.ts';
import { AnswerSignatures } from './signatures/answer-signatures.ts';
import { settleRequest } from './signatures/request-signatures.ts';
import { LARGE_BYTES, type Steps } from './steps.ts';
import { withSystemPrefix } from './system-prefix.ts';
import { renamedTools } from './tool-names.ts';
import { StreamTranslator } from './translate-stream.ts';
import { WholeTranslator } from './translate-whole.ts';
import { upstreamCall } from './upstream-call.ts';

/** An attempt in another dialect than the client's: through the hub, both ways. */
export function* prepareTranslation(
  job: Job,
  target: Target,
  endpoint: Endpoint,
  codec: UpstreamCodec,
): Steps<PreparedAttempt> {
  yield* job.requestSteps();
  const reasoned = withReasoning(job, target, codec);
  const most = job.options.pool.mostTokens?.(target);
  const limited = withOutputLimit(withSystemPrefix(reasoned.request, target), most);
  const settable = withSettableSampling(limited.request, target.info);
  const readable = withReadableMedia(settable.request, target.info);
  const formed = withOutputTool(readable.request, target, codec);
  yield;
  const settled = settleRequest(formed.request, job, target, codec);
  yield;
  const request = cacheable(settled.request, job, target, codec.id);
  if (isLarge(job)) yield* codec.encodeAhead(request);
  const stream = job.stream || endpoint.streamsOnly === true;
  const encoded = codec.encodeRequest(request, {
    ...encodeTarget(target, stream, most),
    cacheBreakpoints: setsBreakpoints(job, codec.id),
  });
  yield;
  const original = (): JsonObject => codec.encodeRequest(settled.request, encodeTarget(target, stream, most)).value;
  const changed = changePayload(job, target, codec.id, encoded.value, original);
  const { sets, defaults } = target.provider.quirks ?? {};
  const value = sets === undefined && defaults === undefined ? changed : { ...defaults, ...changed, ...sets };
  yield;
  const warnings = clientWarnings(job, [
    ...reasoned.warnings,
    ...limited.warnings,
    ...settable.warnings,
    ...readable.warnings,
    ...formed.warnings,
    ...settled.warnings,
    ...namedBySuffix(target, encoded.warnings),
  ]);
  if (job.strict && warnings.length > 0) throw lossyTranslation(warnings);
  const path = stream ? (endpoint.streamPath ?? endpoint.path) : endpoint.path;
  const decided = envelopeHeaders(value, job, target, endpoint);
  const cached = cacheHeader(request, job, target, codec.id);
  const headers = decided === undefined ? cached : { ...decided, ...cached };
  const signatures = new AnswerSignatures(job, target, codec);
  const names = renamedTools(codec, request);
  yield;
  const translation = { job, target, codec, warnings, signatures, names, outputTool: formed.answer };
  return {
    dialect: endpoint.dialect,
    ...(endpoint.envelope?.unwrap !== undefined && { codec }),
    call: upstreamCall(job, target, path, JSON.stringify(wrapBody(value, job, target, endpoint)), headers),
    writer: job.stream ? new StreamTranslator(translation) : new WholeTranslator(translation),
    warnings,
  };
}

/** Whether the request is one that is worked on in parts. */
export function isLarge({ exchange }: Job): boolean {
  return exchange.body.length > LARGE_BYTES;
}

/** Warnings with the paths of the client's own body. */
export function clientWarnings(job: Job, warnings: readonly TranslationWarning[]): readonly TranslationWarning[] {
  if (warnings.length === 0) return warnings;
  const { codec } = job.exchange;
  return withClientPlaces(warnings, job.request().messages).map(({ path, reason }) => ({
    path: codec.clientPath(path),
    reason,
  }));
}

/** Strict mode's refusal: names everything that would be lost. */
export function lossyTranslation(warnings: readonly TranslationWarning[]): ProxyError {
  const list = warnings.slice(0, 20).map((warning) => `${warning.path} (${warning.reason})`);
  const more = warnings.length > list.length ? `; and ${warnings.length - list.length} more` : '';
  const message = `strict mode: the upstream cannot carry ${list.join('; ')}${more}`;
  const path = warnings[0]?.path;
  return new ProxyError('lossy_translation', message, path === undefined ? {} : { path });
}
