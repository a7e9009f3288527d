import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Rules } from './rules.ts';

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** Parts of an item that open and close: the end event of each kind, by the prefix of its others. */
const CLOSES: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'response.output_text.done',
  'response.refusal.delta': 'response.refusal.done',
  'response.function_call_arguments.delta': 'response.function_call_arguments.done',
  'response.custom_tool_call_input.delta': 'response.custom_tool_call_input.done',
  'response.reasoning_summary_text.delta': 'response.reasoning_summary_text.done',
  'response.reasoning_text.delta': 'response.reasoning_text.done',
};

/** Responses: numbered from 0 without gaps; created first; items open once, in order, and end before the terminal event. */
export const responsesRules: Rules = (events, broken) => {
  const wrong: string[] = [];
  const items = new Map<number, { id: string; done: boolean; text: string; open: string | undefined }>();
  const ids = new Set<string>();
  let terminal: Wire;
  let failed = false;
  events.forEach(({ name, data }, at) => {
    if (data === undefined || data.type !== name) {
      wrong.push(`event ${name} with type ${data?.type}`);
      return;
    }
    if (data.sequence_number !== at) wrong.push(`number ${data.sequence_number} instead of ${at}`);
    if (terminal !== undefined) wrong.push(`${name} after the end`);
    if (at === 0 && !broken && name !== 'response.created') wrong.push(`begins with ${name}`);
    if (at > 0 && name === 'response.created') wrong.push('created again');
    if (name === 'error') failed = true;
    if (typeof data.response?.id === 'string') ids.add(data.response.id);
    if (TERMINAL.has(data.type)) terminal = data;
    if (name === 'response.output_item.added') {
      if (data.output_index !== items.size) wrong.push(`item ${data.output_index} instead of ${items.size}`);
      items.set(data.output_index, { id: data.item.id, done: false, text: '', open: undefined });
      return;
    }
    const item = items.get(data.output_index);
    if (data.output_index !== undefined && item === undefined) wrong.push(`${name} for an item that was not added`);
    if (item === undefined) return;
    if (item.done) wrong.push(`${name} for an item that is done`);
    if (data.item_id !== undefined && data.item_id !== item.id)
      wrong.push(`${name} names ${data.item_id}, not ${item.id}`);
    const closes = CLOSES[data.type];
    if (closes !== undefined) {
      item.text = (item.open === closes ? item.text : '') + data.delta;
      item.open = closes;
    } else if (data.type === item.open) {
      const whole = data.text ?? data.arguments ?? data.input ?? data.refusal;
      if (whole !== item.text)
        wrong.push(`${name} says ${JSON.stringify(whole)}, the deltas ${JSON.stringify(item.text)}`);
      item.open = undefined;
    }
    if (name === 'response.output_item.done') {
      if (item.open !== undefined) wrong.push(`an item is done without ${item.open}`);
      if (data.item.id !== item.id) wrong.push('an item changes its id');
      item.done = true;
    }
  });
  if (ids.size > 1) wrong.push('the response changes its id');
  if (terminal === undefined) wrong.push('no terminal event');
  else if (broken ? terminal.type !== 'response.failed' || !failed : terminal.type === 'response.failed' || failed)
    wrong.push(`ends with ${terminal.type}`);
  if (!broken) {
    if ([...items.values()].some((item) => !item.done)) wrong.push('an item that is never done');
    if (terminal !== undefined && terminal.response.output.length !== items.size)
      wrong.push('the terminal event has other items than the stream');
    if (typeof terminal?.response?.usage?.input_tokens !== 'number') wrong.push('no usage');
  }
  return wrong;
};
