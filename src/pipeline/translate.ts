import type { EncodeTarget, UpstreamCodec } from '../dialects/codec.ts';
import { ProxyError } from '../errors.ts';
import type { GenerationRequest, TranslationWarning } from '../ir/index.ts';
import type { Endpoint } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt } from './answer-writer.ts';
import type { Job } from './job.ts';
import { cacheable, cacheHeader, setsBreakpoints } from './prompt-cache.ts';
import { renamedTools } from './tool-names.ts';
import { StreamTranslator } from './translate-stream.ts';
import { WholeTranslator } from './translate-whole.ts';
import { upstreamCall } from './upstream-call.ts';

/** An attempt in another dialect than the client's: through the hub, both ways. */
export function prepareTranslation(
  job: Job,
  target: Target,
  endpoint: Endpoint,
  codec: UpstreamCodec,
): PreparedAttempt {
  const request = cacheable(withReasoning(job.request(), target), job, target, codec.id);
  const encoded = codec.encodeRequest(request, {
    ...encodeTarget(target, job.stream),
    cacheBreakpoints: setsBreakpoints(job, codec.id),
  });
  const { value } = encoded;
  const warnings = clientWarnings(job, encoded.warnings);
  if (job.strict && warnings.length > 0) throw lossyTranslation(warnings);
  const path = job.stream ? (endpoint.streamPath ?? endpoint.path) : endpoint.path;
  const translation = { job, target, codec, warnings, names: renamedTools(codec, request) };
  return {
    dialect: endpoint.dialect,
    call: upstreamCall(job, target, path, JSON.stringify(value), cacheHeader(request, job, target, codec.id)),
    writer: job.stream ? new StreamTranslator(translation) : new WholeTranslator(translation),
    warnings,
  };
}

/** The model name's own wish, `model(high)`, stands above the body's; only how it is shown stays. */
function withReasoning(request: GenerationRequest, { reasoning }: Target): GenerationRequest {
  if (reasoning === undefined) return request;
  const summary = request.reasoning?.summary;
  return { ...request, reasoning: summary === undefined ? reasoning : { ...reasoning, summary } };
}

function clientWarnings({ exchange }: Job, warnings: readonly TranslationWarning[]): readonly TranslationWarning[] {
  return warnings.map(({ path, reason }) => ({ path: exchange.codec.clientPath(path), reason }));
}

/** What the encoder must know of the target. */
export function encodeTarget({ model, info, provider }: Target, stream: boolean): EncodeTarget {
  return {
    model,
    stream,
    ...(info?.maxOutputTokens === undefined ? {} : { maxOutputTokens: info.maxOutputTokens }),
    ...(info?.reasoning === undefined ? {} : { reasoning: info.reasoning }),
    quirks: provider.quirks ?? {},
  };
}

/** Strict mode's refusal: names everything that would be lost. */
export function lossyTranslation(warnings: readonly TranslationWarning[]): ProxyError {
  const list = warnings.slice(0, 20).map((warning) => `${warning.path} (${warning.reason})`);
  const more = warnings.length > list.length ? `; and ${warnings.length - list.length} more` : '';
  const message = `strict mode: the upstream cannot carry ${list.join('; ')}${more}`;
  const path = warnings[0]?.path;
  return new ProxyError('lossy_translation', message, path === undefined ? {} : { path });
}
