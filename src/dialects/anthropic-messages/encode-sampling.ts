import type { GenerationRequest, MutableJsonObject, Sampling, Warn } from '../../ir/index.ts';

/** The smallest `top_p` that Claude takes while it thinks. */
const MIN_TOP_P_THINKING = 0.95;

/** Sampling parameters except `max_tokens`, within what Claude accepts. */
export function encodeSampling(
  request: Pick<GenerationRequest, 'sampling'>,
  thinking: boolean,
  warn: Warn,
): MutableJsonObject {
  const { sampling } = request;
  const body: MutableJsonObject = {};
  const temperature = encodeTemperature(impliedTemperature(sampling), thinking, warn);
  if (temperature !== undefined) body['temperature'] = temperature;
  const topP = encodeTopP(sampling.topP, temperature, thinking, warn);
  if (topP !== undefined) body['top_p'] = topP;
  if (sampling.topK !== undefined) {
    if (thinking) warn('sampling.topK', 'Claude takes no top_k while it thinks');
    else body['top_k'] = sampling.topK;
  }
  // A stop sequence of white space alone is refused.
  const stop = sampling.stop?.filter((sequence) => sequence.trim() !== '') ?? [];
  if (stop.length < (sampling.stop?.length ?? 0)) warn('sampling.stop', 'Claude takes no blank stop sequences');
  if (stop.length > 0) body['stop_sequences'] = stop;
  warnUnsupported(sampling, warn);
  return body;
}

/** Beside `top_p`, a temperature of 1 says what the default says: both cannot be sent, and so neither is lost. */
function impliedTemperature({ temperature, topP }: Sampling): number | undefined {
  return temperature === 1 && topP !== undefined ? undefined : temperature;
}

function encodeTemperature(wanted: number | undefined, thinking: boolean, warn: Warn): number | undefined {
  if (wanted === undefined || (thinking && wanted === 1)) return wanted;
  if (thinking) {
    warn('sampling.temperature', 'Claude thinks at temperature 1 only');
    return undefined;
  }
  const clamped = Math.min(1, Math.max(0, wanted));
  if (clamped !== wanted) warn('sampling.temperature', 'Claude takes 0 to 1; clamped');
  return clamped;
}

function encodeTopP(
  wanted: number | undefined,
  temperature: number | undefined,
  thinking: boolean,
  warn: Warn,
): number | undefined {
  if (wanted === undefined) return undefined;
  if (thinking && wanted < MIN_TOP_P_THINKING) {
    warn('sampling.topP', `Claude takes top_p from ${MIN_TOP_P_THINKING} while it thinks`);
    return undefined;
  }
  // Newer models refuse both; temperature is the one that clients mean.
  if (temperature === undefined) return wanted;
  warn('sampling.topP', 'Claude takes either temperature or top_p');
  return undefined;
}

function warnUnsupported(sampling: Sampling, warn: Warn): void {
  const reason = 'Claude has no such setting';
  if (sampling.seed !== undefined) warn('sampling.seed', reason);
  if (sampling.presencePenalty) warn('sampling.presencePenalty', reason);
  if (sampling.frequencyPenalty) warn('sampling.frequencyPenalty', reason);
  if ((sampling.candidateCount ?? 1) > 1) warn('sampling.candidateCount', 'Claude gives one answer');
  if (sampling.logprobs) warn('sampling.logprobs', reason);
  if (sampling.topLogprobs) warn('sampling.topLogprobs', reason);
}
