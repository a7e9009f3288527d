import type { Rules } from './rules.ts';

/** Chat: role first, one finish per choice and nothing of it afterwards, then usage, then `[DONE]`. */
export const chatRules: Rules = (events, broken) => {
  const wrong: string[] = [];
  const choices = new Map<number, { finished: boolean; calls: number }>();
  const ids = new Set<string>();
  let usage = false;
  let done = 0;
  let failed = 0;
  for (const { name, data } of events) {
    if (name !== undefined && name !== 'error') wrong.push(`event ${name}`);
    if (done > 0) wrong.push('data after [DONE]');
    if (failed > 0) wrong.push('data after the error');
    if (data === undefined) {
      done++;
      continue;
    }
    if (data.error !== undefined && data.error !== null) {
      failed++;
      if (typeof data.error.message !== 'string' || typeof data.error.type !== 'string') wrong.push('half an error');
      continue;
    }
    if (data.object !== 'chat.completion.chunk') wrong.push(`object ${data.object}`);
    ids.add(`${data.id} ${data.model} ${data.created}`);
    if (data.choices.length === 0) {
      if (data.usage !== undefined && data.usage !== null) usage = true;
      continue;
    }
    if (usage) wrong.push('a choice after the usage');
    for (const choice of data.choices) {
      let state = choices.get(choice.index);
      if (state === undefined) {
        state = { finished: false, calls: 0 };
        choices.set(choice.index, state);
        if (choice.index === 0 && choice.delta?.role !== 'assistant')
          wrong.push(`choice ${choice.index} begins without a role`);
      }
      if (state.finished) wrong.push(`choice ${choice.index} goes on after its finish`);
      if (choice.finish_reason !== null && choice.finish_reason !== undefined) state.finished = true;
      for (const call of choice.delta?.tool_calls ?? []) {
        if (call.index > state.calls) wrong.push(`call ${call.index} before call ${state.calls}`);
        if (call.index === state.calls) {
          if (typeof call.id !== 'string' || typeof (call.function ?? call.custom)?.name !== 'string')
            wrong.push(`call ${call.index} begins without id or name`);
          state.calls++;
        }
      }
    }
  }
  if (ids.size > 1) wrong.push('id, model or time changes');
  const open = [...choices.values()].some((choice) => !choice.finished);
  if (broken) {
    if (failed !== 1) wrong.push(`${failed} error events`);
    if (done > 0) wrong.push('[DONE] after an error');
  } else {
    if (choices.size === 0 || open) wrong.push('a choice without an end');
    if (done !== 1) wrong.push(`${done} times [DONE]`);
    if (failed > 0) wrong.push('an error');
  }
  return wrong;
};
