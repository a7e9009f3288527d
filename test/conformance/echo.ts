/** What a client of each dialect sends in its next turn: everything it was answered, as it came, and a tool result. */
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { sseEvents } from './model.ts';

const RESULT = 'sunny';
const schema = { type: 'object', properties: { city: { type: 'string' } } };

export interface EchoClient {
  path(model: string, stream: boolean): string;
  first(model: string, stream: boolean): Wire;
  /** The second request, from the text of the first answer. */
  second(model: string, stream: boolean, answer: string): Wire;
}

/** The JSON of a stream's events. */
export const events = (answer: string): Wire[] =>
  sseEvents(answer)
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data));

/** A Chat stream as the message that its client keeps. */
export function chatMessage(answer: string): Wire {
  const message: Wire = {
    role: 'assistant',
    content: '',
    reasoning_content: '',
    reasoning_details: [],
    tool_calls: [],
  };
  for (const { delta } of events(answer).flatMap((chunk) => chunk.choices)) {
    message.content += delta.content ?? '';
    message.reasoning_content += delta.reasoning_content ?? '';
    message.reasoning_details.push(...(delta.reasoning_details ?? []));
    if (delta.extra_content) message.extra_content = delta.extra_content;
    for (const { index, id, type, function: piece, extra_content } of delta.tool_calls ?? []) {
      message.tool_calls[index] ??= { id, type, function: { name: '', arguments: '' } };
      message.tool_calls[index].function.name += piece?.name ?? '';
      message.tool_calls[index].function.arguments += piece?.arguments ?? '';
      if (extra_content) message.tool_calls[index].extra_content = extra_content;
    }
  }
  return message;
}

/** A Claude stream as the content that its client keeps. */
export function claudeContent(answer: string): Wire[] {
  const blocks: Wire[] = [];
  for (const event of events(answer)) {
    if (event.type === 'content_block_start') blocks.push({ ...event.content_block, json: '' });
    const block = blocks.at(-1);
    const delta = event.delta ?? {};
    if (delta.type === 'text_delta') block.text += delta.text;
    if (delta.type === 'thinking_delta') block.thinking += delta.thinking;
    if (delta.type === 'signature_delta') block.signature = delta.signature;
    if (delta.type === 'input_json_delta') block.json += delta.partial_json;
  }
  return blocks.map(({ json, ...block }) => (json === '' ? block : { ...block, input: JSON.parse(json) }));
}

const user = { role: 'user', content: 'weather?' };
const chatBody = (model: string, stream: boolean, more: Wire[]): Wire => ({
  model,
  stream,
  messages: [user, ...more],
  tools: [{ type: 'function', function: { name: 'get_weather', parameters: schema } }],
});
const responsesBody = (model: string, stream: boolean, more: Wire[]): Wire => ({
  model,
  stream,
  store: false,
  include: ['reasoning.encrypted_content'],
  input: [user, ...more],
  tools: [{ type: 'function', name: 'get_weather', parameters: schema, strict: false }],
});
const claudeBody = (model: string, stream: boolean, more: Wire[]): Wire => ({
  model,
  stream,
  max_tokens: 9000,
  thinking: { type: 'enabled', budget_tokens: 2000 },
  messages: [user, ...more],
  tools: [{ name: 'get_weather', input_schema: schema }],
});
const geminiBody = (more: Wire[]): Wire => ({
  contents: [{ role: 'user', parts: [{ text: 'weather?' }] }, ...more],
  tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: schema }] }],
});

export const echoClients: Readonly<Record<UpstreamDialect, EchoClient>> = {
  'openai-chat': {
    path: () => '/v1/chat/completions',
    first: (model, stream) => chatBody(model, stream, []),
    second: (model, stream, answer) => {
      const message = stream ? chatMessage(answer) : JSON.parse(answer).choices[0].message;
      const results = message.tool_calls.map((call: Wire) => ({
        role: 'tool',
        tool_call_id: call.id,
        content: RESULT,
      }));
      return chatBody(model, stream, [message, ...results]);
    },
  },
  'openai-responses': {
    path: () => '/v1/responses',
    first: (model, stream) => responsesBody(model, stream, []),
    second: (model, stream, answer) => {
      const { output } = stream ? events(answer).at(-1).response : JSON.parse(answer);
      const results = output
        .filter((item: Wire) => item.type === 'function_call')
        .map((item: Wire) => ({ type: 'function_call_output', call_id: item.call_id, output: RESULT }));
      return responsesBody(model, stream, [...output, ...results]);
    },
  },
  'anthropic-messages': {
    path: () => '/v1/messages',
    first: (model, stream) => claudeBody(model, stream, []),
    second: (model, stream, answer) => {
      const content = stream ? claudeContent(answer) : JSON.parse(answer).content;
      const results = content
        .filter((block: Wire) => block.type === 'tool_use')
        .map((block: Wire) => ({ type: 'tool_result', tool_use_id: block.id, content: RESULT }));
      return claudeBody(model, stream, [
        { role: 'assistant', content },
        { role: 'user', content: results },
      ]);
    },
  },
  gemini: {
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    first: () => geminiBody([]),
    second: (_model, stream, answer) => {
      const chunks = stream ? events(answer) : [JSON.parse(answer)];
      const parts: Wire[] = chunks.flatMap((chunk) => chunk.candidates[0].content.parts);
      const results = parts
        .filter((part) => part.functionCall)
        .map(({ functionCall: { id, name } }) => ({ functionResponse: { id, name, response: { output: RESULT } } }));
      return geminiBody([
        { role: 'model', parts },
        { role: 'user', parts: results },
      ]);
    },
  },
};
