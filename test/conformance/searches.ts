/** An answer that was searched for, written as each vendor does, and read as each client does. Knows none of the codecs. */
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { sseEvents } from './model.ts';

export const TEXT = 'Sp🙂in won. Ok.';
export const QUERY = 'who won the cup';
export const PAGE = { url: 'https://example.com/a', title: 'The cup' };
/** The first sentence: 10 characters, 13 bytes. */
const END = 10;

const search = (id: string): Wire => ({
  id,
  type: 'web_search_call',
  status: 'completed',
  action: { type: 'search', query: QUERY, sources: [{ type: 'url', url: PAGE.url }] },
});
const urlCitation = { type: 'url_citation', start_index: 0, end_index: END, ...PAGE };
const chatAnnotation = { type: 'url_citation', url_citation: { ...PAGE, start_index: 0, end_index: END } };
const use: Wire = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: QUERY } };
const hits: Wire = {
  type: 'web_search_tool_result',
  tool_use_id: 'srvtoolu_1',
  content: [{ type: 'web_search_result', ...PAGE, encrypted_content: 'RW5j', page_age: null }],
};
const location: Wire = {
  type: 'web_search_result_location',
  ...PAGE,
  encrypted_index: 'RWlk',
  cited_text: 'Spain won',
};
const grounding: Wire = {
  webSearchQueries: [QUERY],
  groundingChunks: [{ web: { uri: PAGE.url, title: PAGE.title } }],
  groundingSupports: [{ segment: { endIndex: 13, text: 'Sp🙂in won.' }, groundingChunkIndices: [0] }],
};
const message = (content: Wire): Wire => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content,
});
const part = (text: string, annotations: Wire): Wire => ({ type: 'output_text', text, annotations, logprobs: [] });
const sse = (events: readonly Wire[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const data = (chunks: readonly Wire[]): string => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
const candidate = (fields: Wire): Wire => ({
  candidates: [{ index: 0, ...fields }],
  modelVersion: 'm',
  responseId: 'r1',
});
const parts = (text: string): Wire => ({ content: { role: 'model', parts: [{ text }] } });
const response = (status: string, output: Wire): Wire => ({
  id: 'resp_1',
  object: 'response',
  status,
  model: 'm',
  output,
});

/** The answer as the vendor's JSON. */
export const wholeAnswers: Readonly<Record<UpstreamDialect, Wire>> = {
  'openai-chat': {
    id: 'c1',
    model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', message: { content: TEXT, annotations: [chatAnnotation] } }],
  },
  'openai-responses': response('completed', [search('ws_1'), message([part(TEXT, [urlCitation])])]),
  'anthropic-messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [use, hits, { type: 'text', text: TEXT, citations: [location] }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1, server_tool_use: { web_search_requests: 1 } },
  },
  gemini: candidate({ ...parts(TEXT), finishReason: 'STOP', groundingMetadata: grounding }),
};

const block = (index: number, content_block: Wire, deltas: readonly Wire[] = []): Wire[] => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];

/** The answer as the vendor's stream. */
export const streamedAnswers: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': `${data([
    { id: 'c1', model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: 'Sp🙂in won.' } }] },
    { id: 'c1', model: 'm', choices: [{ index: 0, delta: { content: ' Ok.' } }] },
    { id: 'c1', model: 'm', choices: [{ index: 0, delta: { annotations: [chatAnnotation] } }] },
    { id: 'c1', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  ])}data: [DONE]\n\n`,
  'openai-responses': sse([
    { type: 'response.created', response: response('in_progress', []) },
    { type: 'response.output_item.added', output_index: 0, item: { ...search('ws_1'), status: 'in_progress' } },
    { type: 'response.web_search_call.searching', output_index: 0, item_id: 'ws_1' },
    { type: 'response.output_item.done', output_index: 0, item: search('ws_1') },
    { type: 'response.output_item.added', output_index: 1, item: message([]) },
    { type: 'response.content_part.added', output_index: 1, item_id: 'msg_1', content_index: 0, part: part('', []) },
    { type: 'response.output_text.delta', output_index: 1, item_id: 'msg_1', content_index: 0, delta: 'Sp🙂in won.' },
    {
      type: 'response.output_text.annotation.added',
      output_index: 1,
      item_id: 'msg_1',
      content_index: 0,
      annotation_index: 0,
      annotation: urlCitation,
    },
    { type: 'response.output_text.delta', output_index: 1, item_id: 'msg_1', content_index: 0, delta: ' Ok.' },
    { type: 'response.output_item.done', output_index: 1, item: message([part(TEXT, [urlCitation])]) },
    {
      type: 'response.completed',
      response: response('completed', [search('ws_1'), message([part(TEXT, [urlCitation])])]),
    },
  ]),
  'anthropic-messages': sse([
    { type: 'message_start', message: { id: 'msg_1', model: 'm', usage: { input_tokens: 1, output_tokens: 1 } } },
    ...block(0, { ...use, input: {} }, [
      { type: 'input_json_delta', partial_json: '{"query":"who ' },
      { type: 'input_json_delta', partial_json: 'won the cup"}' },
    ]),
    ...block(1, hits),
    ...block(2, { type: 'text', text: '', citations: [] }, [
      { type: 'citations_delta', citation: location },
      { type: 'text_delta', text: 'Sp🙂in won.' },
      { type: 'text_delta', text: ' Ok.' },
    ]),
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ]),
  gemini: data([
    candidate(parts('Sp🙂in won.')),
    candidate(parts(' Ok.')),
    candidate({ ...parts(''), finishReason: 'STOP', groundingMetadata: grounding }),
  ]),
};

/** What a client learned. */
export interface Learned {
  readonly text: string;
  readonly queries: readonly string[];
  readonly found: readonly string[];
  /** URL, title and the text that the page supports. */
  readonly cited: readonly (readonly string[])[];
}

const cut = (text: string, { start_index: from, end_index: to }: Wire): string => [...text].slice(from, to).join('');

function ofItems(items: readonly Wire[]): Learned {
  const calls = items.filter(({ type }) => type === 'web_search_call');
  const texts = items.flatMap((item) => item.content ?? []);
  return {
    text: texts.map(({ text }) => text).join(''),
    queries: calls.map(({ action }) => action.query),
    found: calls.flatMap(({ action }) => (action.sources ?? []).map(({ url }: Wire) => url)),
    cited: texts.flatMap(({ text, annotations }) => annotations.map((a: Wire) => [a.url, a.title, cut(text, a)])),
  };
}

function ofBlocks(blocks: readonly Wire[]): Learned {
  const texts = blocks.filter(({ type }) => type === 'text');
  const pairs = blocks.filter(({ type }) => type === 'server_tool_use');
  const back = blocks.filter(({ type }) => type === 'web_search_tool_result');
  if (pairs.map(({ id }) => id).join() !== back.map(({ tool_use_id: id }) => id).join()) throw new Error('unpaired');
  return {
    text: texts.map(({ text }) => text).join(''),
    queries: pairs.map(({ input }) => input.query),
    found: back.flatMap(({ content }) => content.map(({ url }: Wire) => url)),
    cited: texts.flatMap(({ text, citations }) => (citations ?? []).map((c: Wire) => [c.url, c.title, text])),
  };
}

function ofMetadata(text: string, metadata: Wire = {}): Learned {
  const { webSearchQueries = [], groundingChunks = [], groundingSupports = [] } = metadata;
  return {
    text,
    queries: webSearchQueries,
    found: groundingChunks.map(({ web }: Wire) => web.uri),
    cited: groundingSupports.map(({ segment, groundingChunkIndices: [index] }: Wire) => {
      const bytes = Buffer.from(text)
        .subarray(segment.startIndex ?? 0, segment.endIndex)
        .toString();
      if (bytes !== segment.text) throw new Error(`the segment says "${segment.text}" and means "${bytes}"`);
      return [groundingChunks[index].web.uri, groundingChunks[index].web.title, bytes];
    }),
  };
}

const ofAnnotations = (text: string, annotations: readonly Wire[] = []): Learned => ({
  text,
  queries: [],
  found: [],
  cited: annotations.map(({ url_citation: at }) => [at.url, at.title, cut(text, at)]),
});

/** Reads a whole answer. */
export function learnWhole(client: UpstreamDialect, body: Wire): Learned {
  switch (client) {
    case 'openai-chat':
      return ofAnnotations(body.choices[0].message.content, body.choices[0].message.annotations);
    case 'openai-responses':
      return ofItems(body.output);
    case 'anthropic-messages':
      return ofBlocks(body.content);
    case 'gemini': {
      const [first] = body.candidates;
      return ofMetadata(first.content.parts.map(({ text }: Wire) => text).join(''), first.groundingMetadata);
    }
  }
}

function gatherBlocks(events: readonly Wire[]): Wire[] {
  const blocks: Wire[] = [];
  for (const event of events) {
    if (event.type === 'content_block_start') blocks[event.index] = { ...event.content_block, json: '' };
    const open = blocks[event.index];
    if (event.type !== 'content_block_delta') continue;
    open.text = (open.text ?? '') + (event.delta.text ?? '');
    open.json += event.delta.partial_json ?? '';
    if (event.delta.citation) open.citations = [...(open.citations ?? []), event.delta.citation];
  }
  return blocks.map(({ json, ...rest }) => (json === '' ? rest : { ...rest, input: JSON.parse(json) }));
}

/** Reads a stream. */
export function learnStream(client: UpstreamDialect, text: string): Learned {
  const events: Wire[] = sseEvents(text).flatMap(({ data: line }) => (line === '[DONE]' ? [] : [JSON.parse(line)]));
  switch (client) {
    case 'openai-chat': {
      const deltas = events.flatMap(({ choices }) => choices.map(({ delta }: Wire) => delta));
      const said = deltas.map(({ content = '' }) => content).join('');
      return ofAnnotations(
        said,
        deltas.flatMap(({ annotations = [] }) => annotations),
      );
    }
    case 'openai-responses': {
      const items: Wire[] = [];
      for (const { type, output_index: at, item } of events) if (type === 'response.output_item.done') items[at] = item;
      const last = events.at(-1).response.output;
      if (JSON.stringify(last) !== JSON.stringify(items)) throw new Error('the items of the end are others');
      const added = events.filter(({ type }) => type === 'response.output_text.annotation.added');
      if (added.length !== ofItems(items).cited.length) throw new Error('annotations without their event');
      return ofItems(items);
    }
    case 'anthropic-messages':
      return ofBlocks(gatherBlocks(events));
    case 'gemini': {
      const said = events.flatMap(({ candidates: [first] }) => first.content.parts.map((p: Wire) => p.text)).join('');
      return ofMetadata(said, events.at(-1).candidates[0].groundingMetadata);
    }
  }
}
