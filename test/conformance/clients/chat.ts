import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type Ask, type Call, type ClientDriver, dataUrl, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';
import { chatTools } from './tools.ts';

const fileOf = (pdf: string): Wire => ({
  type: 'file',
  file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
});

const callOf = ({ id, name, arguments: input, custom }: Call): Wire =>
  custom
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: JSON.stringify(input) } };

function message(turn: Turn): Wire {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return { role: turn.role, content: turn.text };
    case 'user': {
      const { images: pictures, pdf: document, pdfId, audio, more, after } = turn;
      if ([pictures, document, pdfId, audio, more, after].every((part) => part === undefined))
        return { role: 'user', content: turn.text };
      const texts = [turn.text, ...(more ?? [])].map((text) => ({ type: 'text', text }));
      const sound = audio === undefined ? [] : [{ type: 'input_audio', input_audio: { data: audio, format: 'mp3' } }];
      const images = (turn.images ?? []).map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } }));
      const pdf = document === undefined ? [] : [fileOf(document)];
      const kept = pdfId === undefined ? [] : [{ type: 'file', file: { file_id: pdfId } }];
      const last = after === undefined ? [] : [{ type: 'text', text: after }];
      return { role: 'user', content: [...texts, ...images, ...pdf, ...kept, ...sound, ...last] };
    }
    case 'assistant': {
      const calls = (turn.calls ?? []).map(callOf);
      return { role: 'assistant', content: turn.text ?? null, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
    }
    case 'tool': {
      const images = (turn.images ?? []).map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } }));
      const media = [...images, ...(turn.pdf === undefined ? [] : [fileOf(turn.pdf)])];
      const content = media.length === 0 ? turn.text : [{ type: 'text', text: turn.text }, ...media];
      return { role: 'tool', tool_call_id: turn.id, content };
    }
  }
}

function options(ask: Ask): Wire {
  const schema =
    ask.schema === undefined
      ? ask.jsonObject && { type: 'json_object' }
      : { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: ask.schema } };
  return {
    ...chatTools(ask),
    parallel_tool_calls: ask.parallel,
    response_format: schema,
    max_completion_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    stop: ask.stop,
    ...reasoningOf['openai-chat'](ask),
    user: ask.user,
    top_k: ask.topK,
    seed: ask.seed,
    presence_penalty: ask.presencePenalty,
    frequency_penalty: ask.frequencyPenalty,
    n: ask.count,
    ...(ask.logprobs === undefined ? {} : { logprobs: true, top_logprobs: ask.logprobs }),
    service_tier: ask.serviceTier,
    metadata: ask.metadata,
    prompt_cache_key: ask.cacheKey,
    verbosity: ask.verbosity,
    ...ask.wire,
  };
}

const FINISH: Record<string, Answer['finish']> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
};

const NO_USAGE: Wire = { prompt_tokens: 0, completion_tokens: 0 };

/** A stream whose provider told no usage has none. */
const usageOf = (usage: Wire = NO_USAGE): Answer['usage'] => ({
  input: usage.prompt_tokens,
  cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
  written: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
  total: usage.total_tokens,
  output: usage.completion_tokens,
  reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
});

const callsOf = (calls: Wire[] | undefined): Answer['calls'] =>
  (calls ?? []).map((call) =>
    call.custom
      ? { name: call.custom.name, arguments: call.custom.input }
      : { name: call.function.name, arguments: JSON.parse(call.function.arguments) },
  );

const logprobsOf = (logprobs: Wire): Pick<Answer, 'logprobs'> =>
  logprobs?.content
    ? { logprobs: logprobs.content.map((t: Wire) => ({ ...pick(t), top: t.top_logprobs.length })) }
    : {};
const pick = ({ token, logprob }: Wire): { token: string; logprob: number } => ({ token, logprob });

/** The whole answer as this dialect's JSON has it; a stream is gathered into it first. */
function readJson(body: Wire): Answer {
  const [{ message, finish_reason: finish, logprobs }, ...others] = body.choices;
  const { content, refusal, reasoning_content: reasoning, tool_calls: calls, annotations = [], images = [] } = message;
  const characters = [...(content ?? '')];
  return {
    text: (content ?? '') + (refusal ?? ''),
    refused: Boolean(refusal) || finish === 'content_filter',
    others: others.map(({ message }: Wire) => message.content),
    reasoning: reasoning ?? '',
    calls: callsOf(calls),
    finish: FINISH[finish] ?? 'other',
    rawFinish: finish,
    usage: usageOf(body.usage),
    ...logprobsOf(logprobs),
    ...(body.service_tier === undefined ? {} : { serviceTier: body.service_tier }),
    queries: [],
    found: [],
    cited: annotations.map(({ url_citation: { url, title, start_index, end_index } }: Wire) => [
      url,
      title,
      characters.slice(start_index, end_index).join(''),
    ]),
    code: [],
    generated: images.map(({ image_url: { url } }: Wire) => url.replace(/^data:image\/png;base64,/, '')),
    turns: [message],
  };
}

function readStream(text: string): Answer {
  const events = sseEvents(text);
  if (events.at(-1)?.data !== '[DONE]') throw new Error('a chat stream must end with [DONE]');
  const chunks: Wire[] = events.slice(0, -1).map(({ data }) => JSON.parse(data));
  const choices: Wire[] = [];
  let [usage, service_tier]: Wire[] = [];
  for (const chunk of chunks) {
    if (chunk.object !== 'chat.completion.chunk') throw new Error(`not a chunk: ${JSON.stringify(chunk)}`);
    usage = chunk.usage ?? usage;
    service_tier = chunk.service_tier ?? service_tier;
    for (const choice of chunk.choices) {
      choices[choice.index] ??= { message: { role: 'assistant', content: '' }, finish_reason: '' };
      gather(choices[choice.index], choice);
    }
  }
  return readJson({ choices, usage, service_tier });
}

function gather(into: Wire, { delta, finish_reason: finish, logprobs }: Wire): void {
  into.finish_reason = finish ?? into.finish_reason;
  if (logprobs?.content) into.logprobs = { content: [...(into.logprobs?.content ?? []), ...logprobs.content] };
  const { message } = into;
  for (const key of ['content', 'refusal', 'reasoning_content'])
    if (delta[key]) message[key] = (message[key] ?? '') + delta[key];
  for (const key of ['annotations', 'images', 'reasoning_details'])
    if (delta[key]) message[key] = [...(message[key] ?? []), ...delta[key]];
  for (const { index, id, type, custom, function: fn } of delta.tool_calls ?? []) {
    message.tool_calls ??= [];
    const kind = custom ? 'custom' : 'function';
    message.tool_calls[index] ??= { id, type, [kind]: custom ? { name: '', input: '' } : { name: '', arguments: '' } };
    const call = message.tool_calls[index][kind];
    for (const [key, piece] of Object.entries(custom ?? fn ?? {})) call[key] += piece;
  }
}

export const chatClient: ClientDriver = {
  dialect: 'openai-chat',
  build: (ask, model, stream) => ({
    path: '/v1/chat/completions',
    body: {
      model,
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      messages: ask.turns.map(message),
      ...options(ask),
    },
  }),
  goOn: ({ path, body }, { turns }, question) => ({
    path,
    body: { ...body, messages: [...body.messages, ...turns, { role: 'user', content: question }] },
  }),
  readJson,
  readStream,
};
