import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type Ask, type ClientDriver, type Picture, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';

const image = (picture: Picture): Wire => ({
  type: 'image',
  source:
    'url' in picture
      ? { type: 'url', url: picture.url }
      : { type: 'base64', media_type: picture.mediaType, data: picture.base64 },
});

function blocks(turn: Turn): Wire[] {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return [{ type: 'text', text: turn.text }];
    case 'user': {
      const source = { type: 'base64', media_type: 'application/pdf', data: turn.pdf };
      const pdf = turn.pdf === undefined ? [] : [{ type: 'document', source }];
      const texts = [turn.text, ...(turn.more ?? [])].map((text) => ({ type: 'text', text }));
      const url = { type: 'url', url: turn.pdfUrl };
      const file = turn.pdfUrl === undefined ? [] : [{ type: 'document', source: url }];
      return [...texts, ...(turn.images ?? []).map(image), ...pdf, ...file];
    }
    case 'assistant': {
      const text = turn.text === undefined ? [] : [{ type: 'text', text: turn.text }];
      return [
        ...text,
        ...(turn.calls ?? []).map((call) => ({
          type: 'tool_use',
          id: call.id,
          name: call.name,
          input: call.arguments,
        })),
      ];
    }
    case 'tool': {
      const content = [{ type: 'text', text: turn.text }, ...(turn.image === undefined ? [] : [image(turn.image)])];
      return [{ type: 'tool_result', tool_use_id: turn.id, content, ...(turn.isError ? { is_error: true } : {}) }];
    }
  }
}

/** Claude's turns: a leading system turn is top-level, tool results are user blocks, one speaker's turns are one message. */
function messages(turns: readonly Turn[]): Wire[] {
  const out: Wire[] = [];
  for (const turn of turns) {
    const role = turn.role === 'tool' ? 'user' : turn.role === 'developer' ? 'system' : turn.role;
    const last = out.at(-1);
    if (last?.role === role) last.content.push(...blocks(turn));
    else out.push({ role, content: blocks(turn) });
  }
  return out;
}

function toolChoice(ask: Ask): Wire {
  if (ask.toolChoice === undefined)
    return ask.parallel === false ? { type: 'auto', disable_parallel_tool_use: true } : undefined;
  const choice =
    typeof ask.toolChoice === 'object'
      ? { type: 'tool', ...ask.toolChoice }
      : { type: ask.toolChoice === 'required' ? 'any' : ask.toolChoice };
  return ask.parallel === false ? { ...choice, disable_parallel_tool_use: true } : choice;
}

const FINISH: Record<string, Answer['finish']> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

function readJson(body: Wire): Answer {
  const of = (type: string): Wire[] => body.content.filter((block: Wire) => block.type === type);
  const usage = body.usage;
  return {
    refused: body.stop_reason === 'refusal',
    ...(body.stop_sequence === null ? {} : { stopSequence: body.stop_sequence }),
    text: of('text')
      .map((block) => block.text)
      .join(''),
    reasoning: of('thinking')
      .map((block) => block.thinking)
      .join(''),
    calls: of('tool_use').map((block) => ({ name: block.name, arguments: block.input })),
    finish: FINISH[body.stop_reason] ?? 'other',
    usage: {
      input: usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      cached: usage.cache_read_input_tokens ?? 0,
      output: usage.output_tokens,
    },
  };
}

function readStream(text: string): Answer {
  const events: Wire[] = sseEvents(text).map(({ event, data }) => {
    const value: Wire = JSON.parse(data);
    if (value.type !== event) throw new Error(`event line ${event} is not type ${value.type}`);
    return value;
  });
  if (events[0]?.type !== 'message_start' || events.at(-1)?.type !== 'message_stop')
    throw new Error('a Claude stream must be whole');
  const message: Wire = { ...events[0].message, content: [] };
  let open = -1;
  for (const event of events) {
    if (event.type === 'content_block_start') {
      if (open !== -1 || event.index !== message.content.length) throw new Error('one block at a time, indexes from 0');
      open = event.index;
      message.content.push({ ...event.content_block, json: '' });
    } else if (event.type === 'content_block_delta') {
      if (event.index !== open) throw new Error('delta for a block that is not open');
      const block = message.content[open];
      if (event.delta.type === 'text_delta') block.text += event.delta.text;
      if (event.delta.type === 'thinking_delta') block.thinking += event.delta.thinking;
      if (event.delta.type === 'input_json_delta') block.json += event.delta.partial_json;
    } else if (event.type === 'content_block_stop') {
      const block = message.content[open];
      if (block.type === 'tool_use') block.input = JSON.parse(block.json || '{}');
      open = -1;
    } else if (event.type === 'message_delta') {
      message.stop_reason = event.delta.stop_reason;
      message.stop_sequence = event.delta.stop_sequence;
      message.usage = { ...message.usage, ...event.usage };
    }
  }
  return readJson(message);
}

export const messagesClient: ClientDriver = {
  dialect: 'anthropic-messages',
  build: (ask, model, stream) => {
    const [first, ...rest] = ask.turns;
    const lifted = first?.role === 'system';
    const reasoning = reasoningOf['anthropic-messages'](ask);
    const body = {
      model,
      stream,
      max_tokens: ask.maxTokens ?? 64_000,
      ...(lifted ? { system: [{ type: 'text', text: first.text }] } : {}),
      messages: messages(lifted ? rest : ask.turns),
      tools: ask.tools?.map((tool) => ({ name: tool.name, description: tool.description, input_schema: tool.schema })),
      tool_choice: toolChoice(ask),
      temperature: ask.temperature,
      top_p: ask.topP,
      top_k: ask.topK,
      stop_sequences: ask.stop,
      ...reasoning,
      output_config:
        ask.schema === undefined
          ? reasoning.output_config
          : { ...reasoning.output_config, format: { type: 'json_schema', schema: ask.schema } },
      metadata: ask.user === undefined ? undefined : { user_id: ask.user },
    };
    return { path: '/v1/messages', body };
  },
  readJson,
  readStream,
};
