import { defaultUsage, pieces, type ScriptedAnswer, type SeenRequest, type Wire } from './script.ts';

type Read = Pick<SeenRequest, 'model' | 'stream' | 'userText' | 'tools' | 'toolResult'>;

const blocksOf = (content: Wire): Wire[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
const textOf = (content: Wire): string =>
  blocksOf(content)
    .map((block) => block.text ?? '')
    .join('\n');

/** Claude Messages: what the upstream understands of a request. */
export function readMessages(body: Wire): Read {
  const turns: Wire[] = (body.messages ?? []).filter((message: Wire) => message.role === 'user');
  const lastAssistant = (body.messages ?? []).findLastIndex((message: Wire) => message.role === 'assistant');
  const after: Wire[] = (body.messages ?? []).slice(lastAssistant + 1);
  const results = after.flatMap((message) => blocksOf(message.content)).filter((block) => block.type === 'tool_result');
  const prompt = turns.filter((turn) => textOf(turn.content).trim() !== '').at(-1);
  return {
    model: body.model,
    stream: body.stream === true,
    userText: textOf(prompt?.content),
    tools: (body.tools ?? []).map((tool: Wire) => ({ name: tool.name, schema: tool.input_schema })),
    toolResult: results.length === 0 ? undefined : results.map((block) => textOf(block.content)).join('\n'),
  };
}

function usageOf(answer: ScriptedAnswer): Wire {
  const usage = answer.usage ?? defaultUsage;
  return {
    input_tokens: usage.input - usage.cached - (answer.usage?.written ?? 0),
    cache_read_input_tokens: usage.cached,
    cache_creation_input_tokens: answer.usage?.written ?? 0,
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: null,
  };
}

/** The sequence that the scripted Claude says it stopped at. */
export const STOP_SEQUENCE = '###';

function stopReason(answer: ScriptedAnswer): string {
  if (answer.finish === 'length') return 'max_tokens';
  if (answer.finish === 'stop-sequence') return 'stop_sequence';
  if (answer.finish === 'content-filter' || answer.refusal !== undefined) return 'refusal';
  return answer.toolCalls?.length ? 'tool_use' : 'end_turn';
}

const stopSequence = (answer: ScriptedAnswer): string | null =>
  answer.finish === 'stop-sequence' ? STOP_SEQUENCE : null;

function contentOf(answer: ScriptedAnswer): Wire[] {
  const out: Wire[] = [];
  if (answer.reasoning !== undefined)
    out.push({ type: 'thinking', thinking: answer.reasoning, signature: answer.signature ?? 'c2NyaXB0ZWQ=' });
  if (answer.text !== undefined) out.push({ type: 'text', text: answer.text, citations: null });
  if (answer.refusal !== undefined) out.push({ type: 'text', text: answer.refusal, citations: null });
  (answer.toolCalls ?? []).forEach((call, index) => {
    out.push({
      type: 'tool_use',
      id: call.id ?? `toolu_scripted${index}`,
      name: call.name,
      input: call.arguments,
      caller: { type: 'direct' },
    });
  });
  return out;
}

export function messagesJson(answer: ScriptedAnswer, model: string): Wire {
  return {
    id: 'msg_scripted',
    type: 'message',
    role: 'assistant',
    model,
    content: contentOf(answer),
    stop_reason: stopReason(answer),
    stop_sequence: stopSequence(answer),
    stop_details: null,
    container: null,
    usage: { ...usageOf(answer), cache_creation: null, inference_geo: null, service_tier: 'standard' },
  };
}

const event = (value: Wire): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;

function blockStream(block: Wire, index: number): string[] {
  const delta = (value: Wire): string => event({ type: 'content_block_delta', index, delta: value });
  const stop = event({ type: 'content_block_stop', index });
  const start = (empty: Wire): string => event({ type: 'content_block_start', index, content_block: empty });
  switch (block.type) {
    case 'thinking':
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        ...pieces(block.thinking).map((thinking) => delta({ type: 'thinking_delta', thinking })),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'text':
      return [
        start({ ...block, text: '' }),
        ...pieces(block.text).map((text) => delta({ type: 'text_delta', text })),
        stop,
      ];
    default:
      return [
        start({ ...block, input: {} }),
        ...pieces(JSON.stringify(block.input)).map((json) => delta({ type: 'input_json_delta', partial_json: json })),
        stop,
      ];
  }
}

export function messagesStream(answer: ScriptedAnswer, model: string): string[] {
  const usage = usageOf(answer);
  const message = {
    ...messagesJson(answer, model),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, cache_creation: null, inference_geo: null, service_tier: 'standard', output_tokens: 1 },
  };
  return [
    event({ type: 'message_start', message }),
    event({ type: 'ping' }),
    ...contentOf(answer).flatMap(blockStream),
    event({
      type: 'message_delta',
      delta: { stop_reason: stopReason(answer), stop_sequence: stopSequence(answer) },
      usage,
    }),
    event({ type: 'message_stop' }),
  ];
}
