/** Agents that hold a conversation in one dialect: they keep every answer as it came and send all of it each turn. */
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { chatMessage, claudeContent, events } from './echo.ts';

/** The image in the results. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';
const dataUrl = `data:image/png;base64,${PNG}`;
const schema = {
  type: 'object',
  properties: { city: { type: 'string', description: 'Which one' }, days: { type: 'integer' } },
  required: ['city'],
};
const description = 'Looks the weather up. '.repeat(20);
const names = ['get_weather', 'read_file'];
const system = 'You are an agent. '.repeat(40);

/** A call that the agent was asked for. */
export interface AgentCall {
  readonly id: string;
  readonly name: string;
}

/** One dialect's agent. */
export interface AgentDialect {
  path(model: string, stream: boolean): string;
  body(model: string, stream: boolean, history: readonly Wire[]): Wire;
  say(text: string): Wire[];
  /** What it keeps of an answer. */
  keep(answer: string, stream: boolean): Wire[];
  calls(kept: readonly Wire[]): AgentCall[];
  /** Results with an image where `image` says so. */
  results(calls: readonly AgentCall[], text: string, image: boolean): Wire[];
}

const chat: AgentDialect = {
  path: () => '/v1/chat/completions',
  body: (model, stream, history) => ({
    model,
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    reasoning_effort: 'medium',
    messages: [{ role: 'system', content: system }, ...history],
    tools: names.map((name) => ({ type: 'function', function: { name, description, parameters: schema } })),
  }),
  say: (text) => [{ role: 'user', content: text }],
  keep(answer, stream) {
    const message = stream
      ? chatMessage(answer.replace(/"choices":\[\]/g, '"choices":[{"delta":{}}]'))
      : JSON.parse(answer).choices[0].message;
    if (message.tool_calls?.length === 0) delete message.tool_calls;
    return [message];
  },
  calls: (kept) => (kept[0].tool_calls ?? []).map((call: Wire) => ({ id: call.id, name: call.function.name })),
  results: (calls, text, image) =>
    calls.map(({ id }) => ({
      role: 'tool',
      tool_call_id: id,
      content: image
        ? [
            { type: 'text', text },
            { type: 'image_url', image_url: { url: dataUrl } },
          ]
        : text,
    })),
};

const responses: AgentDialect = {
  path: () => '/v1/responses',
  body: (model, stream, history) => ({
    model,
    stream,
    store: false,
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'medium', summary: 'auto' },
    instructions: system,
    input: history,
    tools: names.map((name) => ({ type: 'function', name, description, parameters: schema, strict: false })),
  }),
  say: (text) => [{ role: 'user', content: [{ type: 'input_text', text }] }],
  keep: (answer, stream) => (stream ? events(answer).at(-1).response : JSON.parse(answer)).output,
  calls: (kept) =>
    kept.filter((item) => item.type === 'function_call').map((item) => ({ id: item.call_id, name: item.name })),
  results: (calls, text, image) =>
    calls.map(({ id }) => ({
      type: 'function_call_output',
      call_id: id,
      output: image
        ? [
            { type: 'input_text', text },
            { type: 'input_image', image_url: dataUrl, detail: 'auto' },
          ]
        : text,
    })),
};

const messages: AgentDialect = {
  path: () => '/v1/messages',
  body: (model, stream, history) => ({
    model,
    stream,
    max_tokens: 9000,
    thinking: { type: 'enabled', budget_tokens: 2000 },
    system: [{ type: 'text', text: system }],
    messages: history,
    tools: names.map((name) => ({ name, description, input_schema: schema })),
  }),
  say: (text) => [{ role: 'user', content: [{ type: 'text', text }] }],
  keep: (answer, stream) => [
    { role: 'assistant', content: stream ? claudeContent(answer) : JSON.parse(answer).content },
  ],
  calls: (kept) =>
    kept[0].content
      .filter((block: Wire) => block.type === 'tool_use')
      .map((block: Wire) => ({ id: block.id, name: block.name })),
  results(calls, text, image) {
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
    const content = [{ type: 'text', text }, ...(image ? [picture] : [])];
    return [{ role: 'user', content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content })) }];
  },
};

const gemini: AgentDialect = {
  path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: (_model, _stream, history) => ({
    systemInstruction: { parts: [{ text: system }] },
    contents: history,
    tools: [{ functionDeclarations: names.map((name) => ({ name, description, parametersJsonSchema: schema })) }],
    generationConfig: { thinkingConfig: { thinkingBudget: 2000, includeThoughts: true } },
  }),
  say: (text) => [{ role: 'user', parts: [{ text }] }],
  keep(answer, stream) {
    const chunks = stream ? events(answer) : [JSON.parse(answer)];
    return [{ role: 'model', parts: chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []) }];
  },
  calls: (kept) =>
    kept[0].parts
      .filter((part: Wire) => part.functionCall)
      .map(({ functionCall: { id, name } }: Wire) => ({ id, name })),
  results(calls, text, image) {
    const parts = image ? { parts: [{ inlineData: { mimeType: 'image/png', data: PNG } }] } : {};
    return [
      {
        role: 'user',
        parts: calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: text }, ...parts } })),
      },
    ];
  },
};

export const agents: Readonly<Record<UpstreamDialect, AgentDialect>> = {
  'openai-chat': chat,
  'openai-responses': responses,
  'anthropic-messages': messages,
  gemini,
};
