import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type Ask, type ClientDriver, dataUrl, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';

function message(turn: Turn): Wire {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return { role: turn.role, content: turn.text };
    case 'user': {
      const { images: pictures, pdf: document, audio, more } = turn;
      if ([pictures, document, audio, more].every((part) => part === undefined))
        return { role: 'user', content: turn.text };
      const texts = [turn.text, ...(more ?? [])].map((text) => ({ type: 'text', text }));
      const sound = audio === undefined ? [] : [{ type: 'input_audio', input_audio: { data: audio, format: 'mp3' } }];
      const images = (turn.images ?? []).map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } }));
      const pdf =
        turn.pdf === undefined
          ? []
          : [{ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${turn.pdf}` } }];
      return { role: 'user', content: [...texts, ...images, ...pdf, ...sound] };
    }
    case 'assistant': {
      const calls = (turn.calls ?? []).map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      }));
      return { role: 'assistant', content: turn.text ?? null, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
    }
    case 'tool': {
      const image = turn.image === undefined ? [] : [{ type: 'image_url', image_url: { url: dataUrl(turn.image) } }];
      const content = image.length === 0 ? turn.text : [{ type: 'text', text: turn.text }, ...image];
      return { role: 'tool', tool_call_id: turn.id, content };
    }
  }
}

function options(ask: Ask): Wire {
  const choice = typeof ask.toolChoice === 'object' ? { type: 'function', function: ask.toolChoice } : ask.toolChoice;
  const schema =
    ask.schema === undefined
      ? ask.jsonObject && { type: 'json_object' }
      : { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: ask.schema } };
  return {
    tools: ask.tools?.map((tool) => ({
      type: 'function',
      function: { name: tool.name, description: tool.description, parameters: tool.schema },
    })),
    tool_choice: choice,
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
  };
}

const FINISH: Record<string, Answer['finish']> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
};

const usageOf = (usage: Wire): Answer['usage'] => ({
  input: usage.prompt_tokens,
  cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
  output: usage.completion_tokens,
  reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
});

const callsOf = (calls: Wire[] | undefined): Answer['calls'] =>
  (calls ?? []).map((call) => ({ name: call.function.name, arguments: JSON.parse(call.function.arguments) }));

function readStream(text: string): Answer {
  const events = sseEvents(text);
  if (events.at(-1)?.data !== '[DONE]') throw new Error('a chat stream must end with [DONE]');
  const chunks: Wire[] = events.slice(0, -1).map(({ data }) => JSON.parse(data));
  const calls: Wire[] = [];
  let finish = '';
  let [content, reasoning, refusal] = ['', '', ''];
  const others: string[] = [];
  let usage: Wire;
  for (const chunk of chunks) {
    if (chunk.object !== 'chat.completion.chunk') throw new Error(`not a chunk: ${JSON.stringify(chunk)}`);
    usage = chunk.usage ?? usage;
    const choice = chunk.choices[0];
    if (choice === undefined) continue;
    if (choice.index > 0) {
      others[choice.index - 1] = (others[choice.index - 1] ?? '') + (choice.delta.content ?? '');
      continue;
    }
    refusal += choice.delta.refusal ?? '';
    content += choice.delta.content ?? '';
    reasoning += choice.delta.reasoning_content ?? '';
    finish = choice.finish_reason ?? finish;
    for (const call of choice.delta.tool_calls ?? []) {
      calls[call.index] ??= { function: { name: '', arguments: '' } };
      calls[call.index].function.name += call.function?.name ?? '';
      calls[call.index].function.arguments += call.function?.arguments ?? '';
    }
  }
  return {
    text: content + refusal,
    refused: refusal !== '' || finish === 'content_filter',
    others,
    reasoning,
    calls: callsOf(calls),
    finish: FINISH[finish] ?? 'other',
    usage: usageOf(usage),
  };
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
  readJson: (body) => {
    const choice = body.choices[0];
    return {
      text: (choice.message.content ?? '') + (choice.message.refusal ?? ''),
      refused: Boolean(choice.message.refusal) || choice.finish_reason === 'content_filter',
      others: body.choices.slice(1).map(({ message }: Wire) => message.content),
      reasoning: choice.message.reasoning_content ?? '',
      calls: callsOf(choice.message.tool_calls),
      finish: FINISH[choice.finish_reason] ?? 'other',
      usage: usageOf(body.usage),
    };
  },
  readStream,
};
