import type { Rules } from './rules.ts';

const DELTA_OF: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
};

/** Claude: one message_start, contiguous blocks of which one is open, one message_delta, then message_stop. */
export const messagesRules: Rules = (events, broken) => {
  const wrong: string[] = [];
  let open: { index: number; type: string } | undefined;
  let next = 0;
  const seen = { message_start: 0, message_delta: 0, message_stop: 0, error: 0 };
  for (const { name, data } of events) {
    if (data === undefined || data.type !== name) {
      wrong.push(`event ${name} with type ${data?.type}`);
      continue;
    }
    if (data.type === 'ping') continue;
    if (seen.message_stop > 0 || seen.error > 0) wrong.push(`${data.type} after the end`);
    if (seen.message_start === 0 && data.type !== 'message_start' && data.type !== 'error')
      wrong.push(`${data.type} before message_start`);
    switch (data.type) {
      case 'message_start':
        if (typeof data.message?.id !== 'string' || typeof data.message?.usage?.input_tokens !== 'number')
          wrong.push('message_start without id or usage');
        if (++seen.message_start > 1) wrong.push('a second message_start');
        break;
      case 'content_block_start':
        if (open !== undefined) wrong.push('a block opens in another');
        if (data.index !== next) wrong.push(`block ${data.index} instead of ${next}`);
        if (seen.message_delta > 0) wrong.push('a block after message_delta');
        next = data.index + 1;
        open = { index: data.index, type: data.content_block?.type };
        break;
      case 'content_block_delta':
        if (open === undefined || open.index !== data.index)
          wrong.push(`a delta for block ${data.index}, which is not open`);
        else if (DELTA_OF[open.type]?.includes(data.delta?.type) !== true)
          wrong.push(`${data.delta?.type} in a block of ${open.type}`);
        break;
      case 'content_block_stop':
        if (open?.index !== data.index) wrong.push(`block ${data.index} ends, but is not open`);
        open = undefined;
        break;
      case 'message_delta':
        if (open !== undefined) wrong.push('message_delta in a block');
        if (typeof data.delta?.stop_reason !== 'string') wrong.push('no stop reason');
        if (typeof data.usage?.output_tokens !== 'number') wrong.push('no usage');
        if (++seen.message_delta > 1) wrong.push('a second message_delta');
        break;
      case 'message_stop':
        seen.message_stop++;
        if (seen.message_delta === 0) wrong.push('message_stop without message_delta');
        break;
      case 'error':
        seen.error++;
        if (typeof data.error?.type !== 'string' || typeof data.error?.message !== 'string')
          wrong.push('half an error');
        break;
      default:
        wrong.push(`an event ${data.type}`);
    }
  }
  if (broken ? seen.error !== 1 || seen.message_stop > 0 : seen.message_stop !== 1 || seen.error > 0)
    wrong.push(`ends with ${seen.message_stop} message_stop, ${seen.error} error`);
  return wrong;
};
