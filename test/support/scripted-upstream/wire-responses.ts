import { defaultUsage, inTurns, pieces, type ScriptedAnswer, type SeenRequest, type Wire } from './script.ts';
import { tokensOf } from './wire-chat.ts';

type Read = Pick<SeenRequest, 'model' | 'stream' | 'userText' | 'tools' | 'toolResult'>;

const textOf = (content: Wire): string =>
  typeof content === 'string' ? content : (content ?? []).map((part: Wire) => part.text ?? '').join('\n');

function toolsOf(tools: Wire[], prefix = ''): { name: string; schema: Wire; custom?: boolean }[] {
  return tools.flatMap((tool) => {
    if (tool.type === 'namespace') return toolsOf(tool.tools ?? [], '');
    if (tool.type === 'custom') return [{ name: prefix + tool.name, schema: undefined, custom: true }];
    return tool.type === 'function' ? [{ name: prefix + tool.name, schema: tool.parameters }] : [];
  });
}

/** OpenAI Responses: what the upstream understands of a request. */
export function readResponses(body: Wire): Read {
  const input: Wire[] = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : (body.input ?? []);
  const prompt = input.filter((item) => item.role === 'user').at(-1);
  const lastCall = input.findLastIndex((item) => item.type === 'function_call' || item.type === 'custom_tool_call');
  const outputs =
    lastCall < 0 ? [] : input.slice(lastCall + 1).filter((item) => String(item.type).endsWith('call_output'));
  return {
    model: body.model,
    stream: body.stream === true,
    userText: textOf(prompt?.content),
    tools: toolsOf(body.tools ?? []),
    toolResult: outputs.length === 0 ? undefined : outputs.map((item) => textOf(item.output)).join('\n'),
  };
}

function itemsOf(answer: ScriptedAnswer): Wire[] {
  const out: Wire[] = [];
  if (answer.reasoning !== undefined) {
    const summary = [{ type: 'summary_text', text: answer.reasoning }];
    out.push({ id: 'rs_scripted', type: 'reasoning', summary, encrypted_content: answer.signature ?? 'gAAAAscripted' });
  }
  if (answer.redacted !== undefined)
    out.push({ id: 'rs_hidden', type: 'reasoning', summary: [], encrypted_content: answer.redacted });
  out.push(...ranItems(answer));
  if (answer.text !== undefined) {
    const logprobs = tokensOf(answer.logprobs ?? []);
    const content = [{ type: 'output_text', text: answer.text, annotations: annotationsOf(answer), logprobs }];
    out.push({ id: 'msg_scripted', type: 'message', role: 'assistant', status: 'completed', content });
  }
  if (answer.refusal !== undefined) {
    const content = [{ type: 'refusal', refusal: answer.refusal }];
    out.push({ id: 'msg_refused', type: 'message', role: 'assistant', status: 'completed', content });
  }
  (answer.toolCalls ?? []).forEach((call, index) => {
    const args = JSON.stringify(call.arguments);
    if (call.custom) out.push(customCall(call, index));
    else
      out.push({
        id: `fc_scripted${index}`,
        type: 'function_call',
        status: 'completed',
        call_id: call.id ?? `call_scripted${index}`,
        name: call.name,
        ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
        arguments: args,
      });
  });
  return out;
}

const customCall = (call: NonNullable<ScriptedAnswer['toolCalls']>[number], index: number): Wire => ({
  id: `ctc_scripted${index}`,
  type: 'custom_tool_call',
  status: 'completed',
  call_id: call.id ?? `call_scripted${index}`,
  name: call.name,
  input: call.arguments,
});

function annotationsOf({ search }: ScriptedAnswer): Wire[] {
  if (search === undefined) return [];
  const { url, title, supports } = search;
  return [{ type: 'url_citation', start_index: 0, end_index: [...supports].length, url, title }];
}

/** What OpenAI ran before the text. */
function ranItems({ search, code, image }: ScriptedAnswer): Wire[] {
  const out: Wire[] = [];
  if (search !== undefined) {
    const action = { type: 'search', query: search.query, sources: [{ type: 'url', url: search.url }] };
    out.push({ id: 'ws_scripted', type: 'web_search_call', status: 'completed', action });
  }
  if (code !== undefined) {
    const outputs = [{ type: 'logs', logs: code.output }];
    const ran = { code: code.code, container_id: 'cntr_1', outputs };
    out.push({ id: 'ci_scripted', type: 'code_interpreter_call', status: 'completed', ...ran });
  }
  if (image !== undefined)
    out.push({ id: 'ig_scripted', type: 'image_generation_call', status: 'completed', result: image });
  return out;
}

function incompleteReason(answer: ScriptedAnswer): string | null {
  if (answer.rawFinish !== undefined) return answer.rawFinish === 'completed' ? null : answer.rawFinish;
  if (answer.finish === 'length') return 'max_output_tokens';
  return answer.finish === 'content-filter' ? 'content_filter' : null;
}

/** What the vendor repeats of a request that set nothing. */
const SETTINGS = {
  background: false,
  frequency_penalty: 0,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: 'low', summary: 'auto' },
  safety_identifier: null,
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
};

export function responsesJson(answer: ScriptedAnswer, model: string): Wire {
  const usage = answer.usage ?? defaultUsage;
  const reason = incompleteReason(answer);
  return {
    id: 'resp_scripted',
    object: 'response',
    created_at: 1_700_000_000,
    status: reason === null ? 'completed' : 'incomplete',
    model,
    output: itemsOf(answer),
    error: null,
    incomplete_details: reason === null ? null : { reason },
    ...SETTINGS,
    ...(answer.serviceTier === undefined ? {} : { service_tier: answer.serviceTier }),
    completed_at: reason === null ? 1_700_000_001 : null,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: {
        cached_tokens: usage.cached,
        ...(answer.usage?.written && { cache_write_tokens: answer.usage.written }),
      },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    },
  };
}

function refusal(content: Wire, part: Wire): Wire[] {
  return [
    { type: 'response.content_part.added', ...part, part: { type: 'refusal', refusal: '' } },
    ...pieces(content.refusal).map((delta) => ({ type: 'response.refusal.delta', ...part, delta })),
    { type: 'response.refusal.done', ...part, refusal: content.refusal },
    { type: 'response.content_part.done', ...part, part: content },
  ];
}

/** The middle events of one output item, between its added and its done. */
function inner(item: Wire, output_index: number, slow: boolean | undefined): Wire[] {
  const at = { item_id: item.id, output_index };
  if (item.type === 'reasoning') {
    const part = { ...at, summary_index: 0 };
    const text = item.summary[0]?.text;
    if (text === undefined) return [];
    return [
      { type: 'response.reasoning_summary_part.added', ...part, part: { type: 'summary_text', text: '' } },
      ...pieces(text).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...part, delta })),
      { type: 'response.reasoning_summary_text.done', ...part, text },
      { type: 'response.reasoning_summary_part.done', ...part, part: item.summary[0] },
    ];
  }
  if (item.type === 'message') {
    const part = { ...at, content_index: 0 };
    if (item.content[0].type === 'refusal') return refusal(item.content[0], part);
    const text = item.content[0].text;
    return [
      {
        type: 'response.content_part.added',
        ...part,
        part: { type: 'output_text', text: '', annotations: [], logprobs: [] },
      },
      ...textDeltas(item.content[0], slow).map((delta) => ({ type: 'response.output_text.delta', ...part, ...delta })),
      ...item.content[0].annotations.map((annotation: Wire, annotation_index: number) => ({
        type: 'response.output_text.annotation.added',
        ...part,
        annotation_index,
        annotation,
      })),
      { type: 'response.output_text.done', ...part, text, logprobs: item.content[0].logprobs },
      { type: 'response.content_part.done', ...part, part: item.content[0] },
    ];
  }
  if (item.type === 'custom_tool_call') {
    return [
      ...pieces(item.input, slow).map((delta) => ({ type: 'response.custom_tool_call_input.delta', ...at, delta })),
      { type: 'response.custom_tool_call_input.done', ...at, input: item.input },
    ];
  }
  if (item.type !== 'function_call') return [];
  return [
    ...pieces(item.arguments, slow).map((delta) => ({ type: 'response.function_call_arguments.delta', ...at, delta })),
    { type: 'response.function_call_arguments.done', ...at, name: item.name, arguments: item.arguments },
  ];
}

function textDeltas({ text, logprobs }: Wire, slow: boolean | undefined): Wire[] {
  if (logprobs.length === 0) return pieces(text, slow).map((delta) => ({ delta, logprobs: [] }));
  return logprobs.map((token: Wire) => ({ delta: token.token, logprobs: [token] }));
}

const opened = (item: Wire): Wire => {
  switch (item.type) {
    case 'reasoning':
      return { ...item, summary: [] };
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'custom_tool_call':
      return { ...item, status: 'in_progress', input: '' };
    case 'web_search_call':
    case 'code_interpreter_call':
      return { ...item, status: 'in_progress' };
    case 'image_generation_call':
      return { ...item, status: 'in_progress', result: null };
    default:
      return { ...item, status: 'in_progress', arguments: '' };
  }
};

export function responsesStream(answer: ScriptedAnswer, model: string): string[] {
  const response = responsesJson(answer, model);
  const started = {
    ...response,
    status: 'in_progress',
    completed_at: null,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const items = response.output.map((item: Wire, output_index: number) => [
    { type: 'response.output_item.added', output_index, item: opened(item) },
    ...inner(item, output_index, answer.slow),
    { type: 'response.output_item.done', output_index, item },
  ]);
  const events: Wire[] = [
    { type: 'response.created', response: started },
    { type: 'response.in_progress', response: started },
    ...(answer.interleaved ? inTurns(items) : items.flat()),
    { type: `response.${response.status}`, response },
  ];
  return events.map(
    (event, sequence_number) => `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number })}\n\n`,
  );
}
