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
  if (answer.rawFinish !== undefined) return answer.rawFinish;
  if (answer.finish === 'length') return 'max_tokens';
  if (answer.finish === 'stop-sequence') return 'stop_sequence';
  if (answer.finish === 'content-filter' || answer.refusal !== undefined) return 'refusal';
  return answer.toolCalls?.length ? 'tool_use' : 'end_turn';
}

const stopSequence = (answer: ScriptedAnswer): string | null =>
  stopReason(answer) === 'stop_sequence' ? STOP_SEQUENCE : null;

function contentOf(answer: ScriptedAnswer): Wire[] {
  const out: Wire[] = [];
  if (answer.reasoning !== undefined)
    out.push({ type: 'thinking', thinking: answer.reasoning, signature: answer.signature ?? 'c2NyaXB0ZWQ=' });
  if (answer.redacted !== undefined) out.push({ type: 'redacted_thinking', data: answer.redacted });
  out.push(...ranBlocks(answer));
  out.push(...textBlocks(answer));
  if (answer.refusal !== undefined) out.push({ type: 'text', text: answer.refusal, citations: [] });
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

/** Claude cites whole blocks: what a page supports is a block of its own. */
function textBlocks({ text, search }: ScriptedAnswer): Wire[] {
  if (text === undefined) return [];
  const plain = (part: string): Wire => ({ type: 'text', text: part, citations: [] });
  if (search === undefined) return [plain(text)];
  const { url, title, supports } = search;
  const citation = { type: 'web_search_result_location', url, title, encrypted_index: 'RWlk', cited_text: 'quoted' };
  const cited = { type: 'text', text: supports, citations: [citation] };
  const rest = text.slice(supports.length);
  return rest === '' ? [cited] : [cited, plain(rest)];
}

/** What the provider ran before the text. */
function ranBlocks({ search, code }: ScriptedAnswer): Wire[] {
  const out: Wire[] = [];
  if (search !== undefined) {
    const { url, title, query } = search;
    const hit = { type: 'web_search_result', url, title, encrypted_content: 'RW5j', page_age: null };
    out.push(
      { type: 'server_tool_use', id: 'srvtoolu_s', name: 'web_search', input: { query } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_s', content: [hit] },
    );
  }
  if (code !== undefined) {
    const content = { type: 'code_execution_result', stdout: code.output, stderr: '', return_code: 0, content: [] };
    out.push(
      { type: 'server_tool_use', id: 'srvtoolu_c', name: 'code_execution', input: { code: code.code } },
      { type: 'code_execution_tool_result', tool_use_id: 'srvtoolu_c', content },
    );
  }
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
    usage: { ...usageOf(answer), cache_creation: null, inference_geo: null, service_tier: tierOf(answer) },
  };
}

const tierOf = ({ serviceTier = 'standard' }: ScriptedAnswer): string => serviceTier;

const event = (value: Wire): string => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;

function blockStream(block: Wire, index: number, slow: boolean | undefined): string[] {
  const delta = (value: Wire): string => event({ type: 'content_block_delta', index, delta: value });
  const stop = event({ type: 'content_block_stop', index });
  const start = (empty: Wire): string => event({ type: 'content_block_start', index, content_block: empty });
  switch (block.type) {
    case 'thinking':
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        ...pieces(block.thinking, slow).map((thinking) => delta({ type: 'thinking_delta', thinking })),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'text':
      return [
        start({ ...block, text: '', citations: block.citations === null ? null : [] }),
        ...(block.citations ?? []).map((citation: Wire) => delta({ type: 'citations_delta', citation })),
        ...pieces(block.text, slow).map((text) => delta({ type: 'text_delta', text })),
        stop,
      ];
    case 'redacted_thinking':
    case 'web_search_tool_result':
    case 'code_execution_tool_result':
      return [start(block), stop];
    default:
      return [
        start({ ...block, input: {} }),
        ...pieces(JSON.stringify(block.input), slow).map((json) =>
          delta({ type: 'input_json_delta', partial_json: json }),
        ),
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
    usage: { ...usage, cache_creation: null, inference_geo: null, service_tier: tierOf(answer), output_tokens: 1 },
  };
  return [
    event({ type: 'message_start', message }),
    event({ type: 'ping' }),
    ...contentOf(answer).flatMap((block, index) => blockStream(block, index, answer.slow)),
    event({
      type: 'message_delta',
      delta: { stop_reason: stopReason(answer), stop_sequence: stopSequence(answer) },
      usage,
    }),
    event({ type: 'message_stop' }),
  ];
}
