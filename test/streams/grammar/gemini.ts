import type { Rules } from './rules.ts';

/** Gemini: chunks of one response; each candidate ends once with a finishReason; usage comes with the last chunk. */
export const geminiRules: Rules = (events, broken) => {
  const wrong: string[] = [];
  const finished = new Set<number>();
  const ids = new Set<string>();
  let failed = 0;
  for (const { name, data } of events) {
    if (name !== undefined && name !== 'error') wrong.push(`event ${name}`);
    if (data === undefined) {
      wrong.push('[DONE]');
      continue;
    }
    if (failed > 0) wrong.push('data after the error');
    if (data.error !== undefined) {
      failed++;
      if (typeof data.error.code !== 'number' || !/^[A-Z_]+$/.test(data.error.status)) wrong.push('half an error');
      continue;
    }
    ids.add(`${data.responseId} ${data.modelVersion}`);
    for (const candidate of data.candidates ?? []) {
      const index = candidate.index ?? 0;
      if (finished.has(index)) wrong.push(`candidate ${index} goes on after its finishReason`);
      if (candidate.finishReason !== undefined) finished.add(index);
      if (!Array.isArray(candidate.content?.parts)) wrong.push('a candidate without parts');
    }
  }
  if (ids.size > 1) wrong.push('responseId or modelVersion changes');
  if (broken) {
    if (failed !== 1) wrong.push(`${failed} errors`);
    if (finished.size > 0) wrong.push('a finishReason before the error');
  } else {
    if (failed > 0) wrong.push('an error');
    const last = events.at(-1)?.data;
    if (finished.size === 0 || (last?.candidates ?? []).every((one: { finishReason?: string }) => !one.finishReason))
      wrong.push('the last chunk has no finishReason');
    // An answer whose provider told no usage has none.
    const usage = last?.usageMetadata;
    if (usage !== undefined && typeof usage.promptTokenCount !== 'number') wrong.push('usageMetadata without counts');
  }
  return wrong;
};
