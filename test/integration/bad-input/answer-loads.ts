/** Answers of up to 1 MB that are heavy in one way each, in every dialect: whole and as streams. */
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import type { PlayedAnswer } from './in-process.ts';

const MB = 1_000_000;
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

/** What a dialect calls the parts of an answer. */
interface AnswerWords {
  /** A whole answer of texts, calls, or one text with citations. */
  texts(count: number): Wire;
  calls(count: number): Wire;
  cited(text: string, count: number): Wire;
  /** The events before, one event for each, and those after. */
  stream(kind: 'texts' | 'calls' | 'citations'): StreamWords;
}

interface StreamWords {
  readonly head: readonly Wire[];
  event(index: number): readonly Wire[];
  readonly tail: readonly Wire[];
}

const page = (index: number): string => `https://example.com/${index}`;
const args = '{"a":1}';

function chatWhole(message: Wire): Wire {
  const choice = { index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' };
  return { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [choice] };
}
const chatChunk = (delta: Wire, finish_reason: string | null = null): Wire => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const chatCall = (index: number): Wire => ({
  id: `c${index}`,
  type: 'function',
  function: { name: 'f', arguments: args },
});
const chatCitation = (index: number): Wire => ({
  type: 'url_citation',
  url_citation: { url: page(index), title: 'E', start_index: index, end_index: index + 3 },
});

const chat: AnswerWords = {
  texts: (count) => chatWhole({ content: range(count).map((index) => ({ type: 'text', text: `part ${index}` })) }),
  calls: (count) => chatWhole({ content: null, tool_calls: range(count).map(chatCall) }),
  cited: (content, count) => chatWhole({ content, annotations: range(count).map(chatCitation) }),
  stream: (kind) => ({
    head: [{ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', ...chatChunk({ role: 'assistant' }) }],
    event: (index) =>
      ({
        texts: () => [chatChunk({ content: 'a' })],
        calls: () => [chatChunk({ tool_calls: [{ index, ...chatCall(index) }] })],
        citations: () => [chatChunk({ content: 'a', annotations: [chatCitation(index)] })],
      })[kind](),
    tail: [chatChunk({}, kind === 'calls' ? 'tool_calls' : 'stop')],
  }),
};

function responseOf(output: readonly Wire[], status = 'completed'): Wire {
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  return { id: 'resp_x', object: 'response', created_at: 1, model: 'm', status, output, usage };
}
const message = (content: readonly Wire[]): Wire => ({
  type: 'message',
  id: 'msg_x',
  role: 'assistant',
  status: 'completed',
  content,
});
const outputText = (text: string, annotations: readonly Wire[] = []): Wire => ({
  type: 'output_text',
  text,
  annotations,
});
const responsesCall = (index: number): Wire => ({
  type: 'function_call',
  id: `fc_${index}`,
  call_id: `c${index}`,
  name: 'f',
  arguments: args,
  status: 'completed',
});
const annotation = (index: number): Wire => ({
  type: 'url_citation',
  url: page(index),
  title: 'E',
  start_index: index,
  end_index: index + 3,
});

const place = { item_id: 'msg_x', output_index: 0, content_index: 0 };
const responses: AnswerWords = {
  texts: (count) => responseOf([message(range(count).map((index) => outputText(`part ${index}`)))]),
  calls: (count) => responseOf(range(count).map(responsesCall)),
  cited: (text, count) => responseOf([message([outputText(text, range(count).map(annotation))])]),
  stream: (kind) => {
    const calls = kind === 'calls';
    return {
      head: [
        { type: 'response.created', response: responseOf([], 'in_progress') },
        ...(calls ? [] : [{ type: 'response.output_item.added', output_index: 0, item: message([]) }]),
        ...(calls ? [] : [{ type: 'response.content_part.added', ...place, part: outputText('') }]),
      ],
      event: (index) =>
        ({
          texts: () => [{ type: 'response.output_text.delta', ...place, delta: 'a' }],
          calls: () => [
            {
              type: 'response.output_item.added',
              output_index: index,
              item: { ...responsesCall(index), arguments: '' },
            },
            { type: 'response.output_item.done', output_index: index, item: responsesCall(index) },
          ],
          citations: () => [
            {
              type: 'response.output_text.annotation.added',
              ...place,
              annotation_index: index,
              annotation: annotation(index),
            },
          ],
        })[kind](),
      tail: [{ type: 'response.completed', response: responseOf([]) }],
    };
  },
};

function claudeWhole(content: readonly Wire[]): Wire {
  const usage = { input_tokens: 1, output_tokens: 1 };
  return { id: 'msg_x', type: 'message', role: 'assistant', model: 'm', content, stop_reason: 'end_turn', usage };
}
const claudeCitation = (index: number): Wire => ({
  type: 'web_search_result_location',
  url: page(index),
  title: 'E',
  encrypted_index: 'E',
  cited_text: 'abc',
});
const claudeCall = (index: number): Wire => ({ type: 'tool_use', id: `c${index}`, name: 'f', input: { a: 1 } });

const claude: AnswerWords = {
  texts: (count) => claudeWhole(range(count).map((index) => ({ type: 'text', text: `part ${index}` }))),
  calls: (count) => claudeWhole(range(count).map(claudeCall)),
  cited: (text, count) => claudeWhole([{ type: 'text', text, citations: range(count).map(claudeCitation) }]),
  stream: (kind) => {
    const calls = kind === 'calls';
    const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
    return {
      head: [{ type: 'message_start', message: { ...claudeWhole([]), stop_reason: null } }, ...(calls ? [] : [block])],
      event: (index) =>
        ({
          texts: () => [{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a' } }],
          calls: () => [
            { type: 'content_block_start', index, content_block: { ...claudeCall(index), input: {} } },
            { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: args } },
            { type: 'content_block_stop', index },
          ],
          citations: () => [
            {
              type: 'content_block_delta',
              index: 0,
              delta: { type: 'citations_delta', citation: claudeCitation(index) },
            },
          ],
        })[kind](),
      tail: [
        ...(calls ? [] : [{ type: 'content_block_stop', index: 0 }]),
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
        { type: 'message_stop' },
      ],
    };
  },
};

function geminiWhole(parts: readonly Wire[], more: Wire = { finishReason: 'STOP' }): Wire {
  return { candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }] };
}
const geminiCall = (index: number): Wire => ({ functionCall: { id: `c${index}`, name: 'f', args: { a: 1 } } });
const grounding = (indexes: readonly number[]): Wire => ({
  groundingChunks: indexes.map((index) => ({ web: { uri: page(index), title: 'E' } })),
  groundingSupports: indexes.map((index, at) => ({
    segment: { startIndex: index, endIndex: index + 3, text: 'abc' },
    groundingChunkIndices: [at],
  })),
});

const gemini: AnswerWords = {
  texts: (count) => geminiWhole(range(count).map((index) => ({ text: `part ${index}` }))),
  calls: (count) => geminiWhole(range(count).map(geminiCall)),
  cited: (text, count) => geminiWhole([{ text }], { finishReason: 'STOP', groundingMetadata: grounding(range(count)) }),
  stream: (kind) => ({
    head: [],
    event: (index) =>
      ({
        texts: () => [geminiWhole([{ text: 'a' }], {})],
        calls: () => [geminiWhole([geminiCall(index)], {})],
        citations: () => [geminiWhole([{ text: 'a' }], { groundingMetadata: grounding([index]) })],
      })[kind](),
    tail: [geminiWhole([], { finishReason: 'STOP' })],
  }),
};

const words: Readonly<Record<UpstreamDialect, AnswerWords>> = {
  'openai-chat': chat,
  'openai-responses': responses,
  'anthropic-messages': claude,
  gemini,
};

/** As many as fit in a megabyte. */
function fill(make: (count: number) => Wire): PlayedAnswer {
  const each = (JSON.stringify(make(2000)).length - JSON.stringify(make(1000)).length) / 1000;
  return { type: 'application/json', text: JSON.stringify(make(Math.floor((MB * 0.98) / (each + 1)))) };
}

function streamOf({ head, event, tail }: StreamWords, named: boolean): PlayedAnswer {
  const write = (data: Wire): string => `${named ? `event: ${data.type}\n` : ''}data: ${JSON.stringify(data)}\n\n`;
  let text = head.map(write).join('');
  for (let index = 0; text.length < MB; index++) text += event(index).map(write).join('');
  return { type: 'text/event-stream', text: text + tail.map(write).join('') };
}

/** The answers by name. */
export function answerLoadsOf(upstream: UpstreamDialect): ReadonlyMap<string, PlayedAnswer> {
  const say = words[upstream];
  const named = upstream === 'openai-responses' || upstream === 'anthropic-messages';
  const long = 'A word. '.repeat(MB / 10);
  return new Map<string, PlayedAnswer>([
    ['a whole answer of texts', fill((count) => say.texts(count))],
    ['a whole answer of calls', fill((count) => say.calls(count))],
    ['a whole answer of citations', fill((count) => say.cited('The sky is blue. '.repeat(1000), count))],
    ['a whole answer of one long text', { type: 'application/json', text: JSON.stringify(say.cited(long, 1)) }],
    ['a stream of texts', streamOf(say.stream('texts'), named)],
    ['a stream of calls', streamOf(say.stream('calls'), named)],
    ['a stream of citations', streamOf(say.stream('citations'), named)],
  ]);
}
