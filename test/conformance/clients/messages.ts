import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type ClientDriver, type Picture, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';
import { messagesTools } from './tools.ts';

function image(picture: Picture): Wire {
  if ('fileId' in picture) return { type: 'image', source: { type: 'file', file_id: picture.fileId } };
  if ('url' in picture) return { type: 'image', source: { type: 'url', url: picture.url } };
  return { type: 'image', source: { type: 'base64', media_type: picture.mediaType, data: picture.base64 } };
}

const document = (data: string): Wire => ({
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data },
});

function blocks(turn: Turn): Wire[] {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return [{ type: 'text', text: turn.text }];
    case 'user': {
      const pdf = turn.pdf === undefined ? [] : [document(turn.pdf)];
      const kept =
        turn.pdfId === undefined ? [] : [{ type: 'document', source: { type: 'file', file_id: turn.pdfId } }];
      const last = turn.after === undefined ? [] : [{ type: 'text', text: turn.after }];
      const texts = [turn.text, ...(turn.more ?? [])].map((text) => ({ type: 'text', text }));
      const url = { type: 'url', url: turn.pdfUrl };
      const file = turn.pdfUrl === undefined ? [] : [{ type: 'document', source: url }];
      return [...texts, ...(turn.images ?? []).map(image), ...pdf, ...file, ...kept, ...last];
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
      const pdf = turn.pdf === undefined ? [] : [document(turn.pdf)];
      const content = [{ type: 'text', text: turn.text }, ...(turn.images ?? []).map(image), ...pdf];
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
    rawFinish: body.stop_reason,
    turns: [{ role: 'assistant', content: body.content }],
    ...(usage.service_tier ? { serviceTier: usage.service_tier } : {}),
    ...ranOf(body.content),
    generated: [],
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
      written: usage.cache_creation_input_tokens ?? 0,
      output: usage.output_tokens,
    },
  };
}

function ranOf(blocks: readonly Wire[]): Pick<Answer, 'queries' | 'found' | 'cited' | 'code'> {
  const uses = blocks.filter(({ type }) => type === 'server_tool_use');
  const resultOf = (id: string): Wire => blocks.find(({ tool_use_id }) => tool_use_id === id)?.content;
  const searches = uses.filter(({ name }) => name === 'web_search');
  const runs = uses.filter(({ name }) => name === 'code_execution');
  return {
    queries: searches.map(({ input }) => input.query),
    found: searches.flatMap(({ id }) => resultOf(id).map(({ url }: Wire) => url)),
    cited: blocks.flatMap(({ text, citations }) => (citations ?? []).map((c: Wire) => [c.url, c.title, text])),
    code: runs.map(({ id, input }) => ({ code: input.code, output: resultOf(id)?.stdout ?? '' })),
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
  let json = '';
  for (const event of events) {
    if (event.type === 'content_block_start') {
      if (open !== -1 || event.index !== message.content.length) throw new Error('one block at a time, indexes from 0');
      open = event.index;
      message.content.push({ ...event.content_block });
      json = '';
    } else if (event.type === 'content_block_delta') {
      if (event.index !== open) throw new Error('delta for a block that is not open');
      const block = message.content[open];
      if (event.delta.type === 'text_delta') block.text += event.delta.text;
      if (event.delta.type === 'thinking_delta') block.thinking += event.delta.thinking;
      if (event.delta.type === 'citations_delta') block.citations = [...(block.citations ?? []), event.delta.citation];
      if (event.delta.type === 'input_json_delta') json += event.delta.partial_json;
    } else if (event.type === 'content_block_stop') {
      const block = message.content[open];
      if (json !== '' || block.type === 'tool_use') block.input = JSON.parse(json || '{}');
      open = -1;
    } else if (event.type === 'message_delta') {
      message.stop_reason = event.delta.stop_reason;
      message.stop_sequence = event.delta.stop_sequence;
      message.usage = { ...message.usage, ...event.usage };
    }
  }
  return readJson(message);
}

/** The last block of the last message marked. */
function withMark(list: Wire[], mark: Wire): Wire[] {
  const last = list.at(-1);
  const content = last.content.with(-1, { ...last.content.at(-1), ...mark });
  return list.with(-1, { ...last, content });
}

export const messagesClient: ClientDriver = {
  dialect: 'anthropic-messages',
  build: (ask, model, stream) => {
    const [first, ...rest] = ask.turns;
    const lifted = first?.role === 'system';
    const reasoning = reasoningOf['anthropic-messages'](ask);
    const marked = ask.breakpoints ? { cache_control: { type: 'ephemeral' } } : {};
    const body = {
      model,
      stream,
      max_tokens: ask.maxTokens ?? 64_000,
      ...(lifted ? { system: [{ type: 'text', text: first.text, ...marked }] } : {}),
      messages: withMark(messages(lifted ? rest : ask.turns), marked),
      ...messagesTools(ask),
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
      service_tier: ask.serviceTier && (ask.serviceTier === 'default' ? 'standard_only' : 'auto'),
      ...ask.wire,
    };
    return { path: '/v1/messages', body };
  },
  goOn: ({ path, body }, { turns }, question) => {
    const asked = { role: 'user', content: [{ type: 'text', text: question }] };
    return { path, body: { ...body, messages: [...body.messages, ...turns, asked] } };
  },
  readJson,
  readStream,
};
