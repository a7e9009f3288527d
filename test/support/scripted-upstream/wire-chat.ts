import { defaultUsage, inTurns, pieces, type ScriptedAnswer, type SeenRequest, type Wire } from './script.ts';

type Read = Pick<SeenRequest, 'model' | 'stream' | 'userText' | 'tools' | 'toolResult'>;

const textOf = (content: Wire): string =>
  typeof content === 'string' ? content : (content ?? []).map((part: Wire) => part.text ?? '').join('\n');

/** OpenAI Chat: what the upstream understands of a request. */
export function readChat(body: Wire): Read {
  const messages: Wire[] = body.messages ?? [];
  const lastUser = messages.findLastIndex((message) => message.role === 'user');
  const results = messages.filter(
    (message, index) => message.role === 'tool' && index > messages.findLastIndex((m) => m.tool_calls),
  );
  const tools = (body.tools ?? []).filter((tool: Wire) => tool.function);
  return {
    model: body.model,
    stream: body.stream === true,
    userText: textOf(messages[lastUser]?.content),
    tools: tools.map((tool: Wire) => ({ name: tool.function.name, schema: tool.function.parameters })),
    toolResult: results.length === 0 ? undefined : results.map((message) => textOf(message.content)).join('\n'),
  };
}

function usageOf(answer: ScriptedAnswer): Wire {
  const usage = answer.usage ?? defaultUsage;
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: {
      cached_tokens: usage.cached,
      ...(answer.usage?.written && { cache_write_tokens: answer.usage.written }),
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

const callId = (answer: ScriptedAnswer, index: number): string =>
  answer.toolCalls?.[index]?.id ?? `call_scripted${index}`;

function finishOf(answer: ScriptedAnswer): string {
  if (answer.finish === 'length') return 'length';
  if (answer.finish === 'content-filter') return 'content_filter';
  return answer.toolCalls?.length ? 'tool_calls' : 'stop';
}

/** Signed reasoning as OpenRouter writes it. */
const detailsOf = (answer: ScriptedAnswer): Wire[] => [
  {
    type: 'reasoning.text',
    text: answer.reasoning,
    signature: answer.signature,
    format: 'anthropic-claude-v1',
    index: 0,
  },
];

export function chatJson(answer: ScriptedAnswer, model: string): Wire {
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    id: callId(answer, index),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  const message: Wire = { role: 'assistant', content: answer.text ?? null, refusal: null, annotations: [] };
  if (answer.reasoning !== undefined) message.reasoning_content = answer.reasoning;
  if (answer.signature !== undefined) message.reasoning_details = detailsOf(answer);
  if (answer.refusal !== undefined) message.refusal = answer.refusal;
  if (calls.length > 0) message.tool_calls = calls;
  const others = (answer.others ?? []).map((content, index) => ({
    index: index + 1,
    message: { role: 'assistant', content, refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: 'stop',
  }));
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(answer) }, ...others],
    usage: usageOf(answer),
  };
}

export function chatStream(answer: ScriptedAnswer, model: string): string[] {
  const base = { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 1_700_000_000, model };
  const chunk = (delta: Wire, finish: string | null = null, index = 0): string =>
    `data: ${JSON.stringify({ ...base, choices: [{ index, delta, finish_reason: finish }] })}\n\n`;
  const out = [chunk({ role: 'assistant', content: '' })];
  for (const piece of pieces(answer.reasoning ?? '')) out.push(chunk({ reasoning_content: piece }));
  if (answer.signature !== undefined) out.push(chunk({ reasoning_details: detailsOf(answer) }));
  for (const piece of pieces(answer.text ?? '')) out.push(chunk({ content: piece }));
  for (const piece of pieces(answer.refusal ?? '')) out.push(chunk({ refusal: piece }));
  out.push(...callChunks(answer, chunk));
  (answer.others ?? []).forEach((text, index) => {
    for (const piece of pieces(text)) out.push(chunk({ content: piece }, null, index + 1));
    out.push(chunk({}, 'stop', index + 1));
  });
  out.push(chunk({}, finishOf(answer)));
  out.push(`data: ${JSON.stringify({ ...base, choices: [], usage: usageOf(answer) })}\n\n`, 'data: [DONE]\n\n');
  return out;
}

function callChunks(answer: ScriptedAnswer, chunk: (delta: Wire) => string): string[] {
  const calls = (answer.toolCalls ?? []).map((call, index) => {
    const head = { index, id: callId(answer, index), type: 'function', function: { name: call.name, arguments: '' } };
    const rest = pieces(JSON.stringify(call.arguments)).map((piece) => ({ index, function: { arguments: piece } }));
    return [head, ...rest].map((entry) => chunk({ tool_calls: [entry] }));
  });
  return answer.interleaved ? inTurns(calls) : calls.flat();
}
