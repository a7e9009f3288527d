/** Answers of a Claude upstream, whole and streamed, for edge cases. */
import type { Wire } from '../support/scripted-upstream/index.ts';

/** A block of an answer, as a whole answer holds it. */
export const text = (value: string): Wire => ({ type: 'text', text: value });
export const thinking = (value: string, signature = 'EqSig'): Wire => ({
  type: 'thinking',
  thinking: value,
  signature,
});
export const redacted = (data: string): Wire => ({ type: 'redacted_thinking', data });
export const toolUse = (id: string, name = 'f', input: Wire = {}): Wire => ({ type: 'tool_use', id, name, input });

const usage = { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 20, cache_creation_input_tokens: 100 };

/** A whole message. */
export function message(content: readonly Wire[], more: Wire = {}): Wire {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content,
    stop_reason: content.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage,
    ...more,
  };
}

/** The same message as the events of a stream: usage of the input first, of the output last. */
export function events(content: readonly Wire[], more: Wire = {}): Wire[] {
  const whole = message(content, more);
  const { output_tokens, ...input } = whole.usage;
  const start = { ...whole, content: [], stop_reason: null, usage: { ...input, output_tokens: 1 } };
  return [
    { type: 'message_start', message: start },
    ...content.flatMap(blockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason: whole.stop_reason, stop_sequence: whole.stop_sequence },
      usage: { output_tokens },
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: Wire, index: number): Wire[] {
  const [content_block, deltas] = opened(block);
  return [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function opened(block: Wire): [Wire, Wire[]] {
  switch (block.type) {
    case 'text':
      return [{ ...block, text: '' }, [{ type: 'text_delta', text: block.text }]];
    case 'thinking':
      return [
        { type: 'thinking', thinking: '', signature: '' },
        [
          ...(block.thinking === '' ? [] : [{ type: 'thinking_delta', thinking: block.thinking }]),
          { type: 'signature_delta', signature: block.signature },
        ],
      ];
    case 'tool_use':
      return [{ ...block, input: {} }, [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }]];
    default:
      return [block, []];
  }
}
