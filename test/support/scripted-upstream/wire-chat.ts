import { defaultUsage, pieces, type ScriptedAnswer, type SeenRequest, type Wire } from './script.ts';

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
    prompt_tokens_details: { cached_tokens: usage.cached },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  };
}

const callId = (index: number): string => `call_scripted${index}`;

export function chatJson(answer: ScriptedAnswer, model: string): Wire {
  const calls = (answer.toolCalls ?? []).map((call, index) => ({
    id: callId(index),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  const message: Wire = { role: 'assistant', content: answer.text ?? null };
  if (answer.reasoning !== undefined) message.reasoning_content = answer.reasoning;
  if (calls.length > 0) message.tool_calls = calls;
  const finish = calls.length > 0 ? 'tool_calls' : 'stop';
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message, finish_reason: finish }],
    usage: usageOf(answer),
  };
}

export function chatStream(answer: ScriptedAnswer, model: string): string[] {
  const base = { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 1_700_000_000, model };
  const chunk = (delta: Wire, finish: string | null = null): string =>
    `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const out = [chunk({ role: 'assistant', content: '' })];
  for (const piece of pieces(answer.reasoning ?? '')) out.push(chunk({ reasoning_content: piece }));
  for (const piece of pieces(answer.text ?? '')) out.push(chunk({ content: piece }));
  (answer.toolCalls ?? []).forEach((call, index) => {
    out.push(
      chunk({
        tool_calls: [{ index, id: callId(index), type: 'function', function: { name: call.name, arguments: '' } }],
      }),
    );
    for (const piece of pieces(JSON.stringify(call.arguments)))
      out.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }));
  });
  out.push(chunk({}, answer.toolCalls?.length ? 'tool_calls' : 'stop'));
  out.push(`data: ${JSON.stringify({ ...base, choices: [], usage: usageOf(answer) })}\n\n`, 'data: [DONE]\n\n');
  return out;
}
