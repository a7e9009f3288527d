import {
  defaultUsage,
  inTurns,
  pieces,
  type ScriptedAnswer,
  type ScriptedToken,
  type SeenRequest,
  type Wire,
} from './script.ts';

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
  return {
    model: body.model,
    stream: body.stream === true,
    userText: textOf(messages[lastUser]?.content),
    tools: (body.tools ?? []).map((tool: Wire) =>
      tool.custom
        ? { name: tool.custom.name, schema: undefined, custom: true }
        : { name: tool.function.name, schema: tool.function.parameters },
    ),
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
  if (answer.rawFinish !== undefined) return answer.rawFinish;
  if (answer.finish === 'length') return 'length';
  if (answer.finish === 'content-filter') return 'content_filter';
  return answer.toolCalls?.length ? 'tool_calls' : 'stop';
}

/** Signed or hidden reasoning as OpenRouter writes it; undefined: neither. */
function detailsOf({ reasoning, signature, redacted }: ScriptedAnswer): Wire[] | undefined {
  const head = { format: 'anthropic-claude-v1', index: 0 };
  if (redacted !== undefined) return [{ ...head, type: 'reasoning.encrypted', data: redacted }];
  return signature === undefined ? undefined : [{ ...head, type: 'reasoning.text', text: reasoning, signature }];
}

const tokenOf = ({ token, logprob }: { token: string; logprob: number }): Wire => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
});

/** Token log probabilities as both OpenAI dialects write them. */
export const tokensOf = (tokens: readonly ScriptedToken[]): Wire[] =>
  tokens.map((token) => ({ ...tokenOf(token), top_logprobs: token.top.map(tokenOf) }));

const imagesOf = ({ image }: ScriptedAnswer): Wire[] | undefined =>
  image === undefined ? undefined : [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }];

function annotationsOf({ search }: ScriptedAnswer): Wire[] {
  if (search === undefined) return [];
  const { url, title, supports } = search;
  return [{ type: 'url_citation', url_citation: { url, title, start_index: 0, end_index: [...supports].length } }];
}

export function chatJson(answer: ScriptedAnswer, model: string): Wire {
  const calls = (answer.toolCalls ?? []).map((call, index) => ({ id: callId(answer, index), ...calledTool(call) }));
  const message: Wire = { role: 'assistant', content: answer.text ?? null, refusal: null };
  message.annotations = annotationsOf(answer);
  message.images = imagesOf(answer);
  if (answer.reasoning !== undefined) message.reasoning_content = answer.reasoning;
  message.reasoning_details = detailsOf(answer);
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
    choices: [{ index: 0, message, logprobs: logprobsOf(answer.logprobs), finish_reason: finishOf(answer) }, ...others],
    usage: usageOf(answer),
    service_tier: answer.serviceTier,
  };
}

const logprobsOf = (tokens: readonly ScriptedToken[] | undefined): Wire =>
  tokens === undefined ? null : { content: tokensOf(tokens), refusal: null };

const calledTool = ({ name, arguments: input, custom }: NonNullable<ScriptedAnswer['toolCalls']>[number]): Wire =>
  custom
    ? { type: 'custom', custom: { name, input } }
    : { type: 'function', function: { name, arguments: JSON.stringify(input) } };

export function chatStream(answer: ScriptedAnswer, model: string): string[] {
  const base = {
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model,
    service_tier: answer.serviceTier,
  };
  const chunk = (delta: Wire, finish: string | null = null, index = 0, logprobs?: Wire): string =>
    `data: ${JSON.stringify({ ...base, choices: [{ index, delta, logprobs, finish_reason: finish }] })}\n\n`;
  const out = [chunk({ role: 'assistant', content: '' })];
  for (const piece of pieces(answer.reasoning ?? '', answer.slow)) out.push(chunk({ reasoning_content: piece }));
  const details = detailsOf(answer);
  if (details !== undefined) out.push(chunk({ reasoning_details: details }));
  for (const token of answer.logprobs ?? []) out.push(chunk({ content: token.token }, null, 0, logprobsOf([token])));
  const text = answer.logprobs === undefined ? (answer.text ?? '') : '';
  for (const piece of pieces(text, answer.slow)) out.push(chunk({ content: piece }));
  if (answer.search !== undefined) out.push(chunk({ annotations: annotationsOf(answer) }));
  if (answer.image !== undefined) out.push(chunk({ images: imagesOf(answer) }));
  for (const piece of pieces(answer.refusal ?? '')) out.push(chunk({ refusal: piece }));
  out.push(...callChunks(answer, chunk));
  (answer.others ?? []).forEach((text, index) => {
    out.push(chunk({ role: 'assistant', content: '' }, null, index + 1));
    for (const piece of pieces(text)) out.push(chunk({ content: piece }, null, index + 1));
    out.push(chunk({}, 'stop', index + 1));
  });
  out.push(chunk({}, finishOf(answer)));
  out.push(`data: ${JSON.stringify({ ...base, choices: [], usage: usageOf(answer) })}\n\n`, 'data: [DONE]\n\n');
  return out;
}

function callChunks(answer: ScriptedAnswer, chunk: (delta: Wire) => string): string[] {
  const calls = (answer.toolCalls ?? []).map((call, index) => {
    const at = { index, id: callId(answer, index) };
    const head = call.custom
      ? { ...at, type: 'custom', custom: { name: call.name, input: '' } }
      : { ...at, type: 'function', function: { name: call.name, arguments: '' } };
    const input = pieces(call.custom ? call.arguments : JSON.stringify(call.arguments), answer.slow);
    const rest = input.map((piece) =>
      call.custom ? { index, custom: { input: piece } } : { index, function: { arguments: piece } },
    );
    return [head, ...rest].map((entry) => chunk({ tool_calls: [entry] }));
  });
  return answer.interleaved ? inTurns(calls) : calls.flat();
}
