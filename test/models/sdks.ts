/** Every SDK with the same two questions, so that one table of tests covers all of them. */
import Anthropic from '@anthropic-ai/sdk';
import { FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { CLIENT_KEY } from '../support/proxy-process.ts';

/** What a client reads from an answer, in words that the SDKs share. */
export interface Answer {
  readonly text: string;
  /** The dialect's own word. */
  readonly finish: string | null | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly calls: readonly { readonly name: string | undefined; readonly input: unknown }[];
  /** The last event of a stream, where the dialect names its events. */
  readonly lastEvent?: string | undefined;
}

/** One request in words that the SDKs share. */
export interface Question {
  readonly model: string;
  readonly system?: string;
  readonly prompt: string;
  readonly maxTokens: number;
  readonly stop?: string;
  /** Forces one call of this tool. */
  readonly tool?: { readonly name: string; readonly schema: Record<string, unknown> };
  readonly signal?: AbortSignal;
}

/** A client: asks for a whole answer and for a stream. */
export interface Sdk {
  readonly name: string;
  /** The dialect's word for an answer that was cut by the token limit. */
  readonly cut: string;
  /** The dialect's word for an answer that ended by itself. */
  readonly ended: string;
  ask(origin: string, question: Question): Promise<Answer>;
  stream(origin: string, question: Question): Promise<Answer>;
}

const openai = (origin: string): OpenAI => new OpenAI({ baseURL: `${origin}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });

function chatBody(question: Question): Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'> {
  const { tool } = question;
  return {
    model: question.model,
    temperature: 0,
    max_tokens: question.maxTokens,
    messages: [
      ...(question.system === undefined ? [] : [{ role: 'system' as const, content: question.system }]),
      { role: 'user', content: question.prompt },
    ],
    ...(question.stop === undefined ? {} : { stop: question.stop }),
    ...(tool === undefined
      ? {}
      : {
          tools: [{ type: 'function' as const, function: { name: tool.name, parameters: tool.schema } }],
          tool_choice: 'required' as const,
          parallel_tool_calls: false,
        }),
  };
}

function chatAnswer(answer: OpenAI.ChatCompletion): Answer {
  const choice = answer.choices[0];
  return {
    text: choice?.message.content ?? '',
    finish: choice?.finish_reason,
    inputTokens: answer.usage?.prompt_tokens,
    outputTokens: answer.usage?.completion_tokens,
    calls: (choice?.message.tool_calls ?? []).map((call) =>
      call.type === 'function'
        ? { name: call.function.name, input: JSON.parse(call.function.arguments) }
        : { name: call.type, input: undefined },
    ),
  };
}

const chat: Sdk = {
  name: 'openai chat',
  cut: 'length',
  ended: 'stop',
  async ask(origin, question) {
    return chatAnswer(
      await openai(origin).chat.completions.create(chatBody(question), { signal: question.signal ?? null }),
    );
  },
  async stream(origin, question) {
    const body = { ...chatBody(question), stream: true as const, stream_options: { include_usage: true } };
    const stream = openai(origin).chat.completions.stream(body, { signal: question.signal ?? null });
    return chatAnswer(await stream.finalChatCompletion());
  },
};

function responsesBody(question: Question): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  const { tool } = question;
  return {
    model: question.model,
    temperature: 0,
    max_output_tokens: question.maxTokens,
    input: question.prompt,
    ...(question.system === undefined ? {} : { instructions: question.system }),
    ...(tool === undefined
      ? {}
      : {
          tools: [{ type: 'function' as const, name: tool.name, parameters: tool.schema, strict: null }],
          tool_choice: 'required' as const,
          parallel_tool_calls: false,
        }),
  };
}

function responsesAnswer(answer: OpenAI.Responses.Response, lastEvent?: string): Answer {
  const texts = answer.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return {
    text: texts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    finish: answer.status,
    inputTokens: answer.usage?.input_tokens,
    outputTokens: answer.usage?.output_tokens,
    calls: answer.output.flatMap((item) =>
      item.type === 'function_call' ? [{ name: item.name, input: JSON.parse(item.arguments) }] : [],
    ),
    lastEvent,
  };
}

const responses: Sdk = {
  name: 'openai responses',
  cut: 'incomplete',
  ended: 'completed',
  async ask(origin, question) {
    const options = { signal: question.signal ?? null };
    return responsesAnswer(await openai(origin).responses.create(responsesBody(question), options));
  },
  async stream(origin, question) {
    const body = { ...responsesBody(question), stream: true as const };
    // Not the helper that collects events: it needs output_index, which the server's own endpoint leaves out.
    const stream = await openai(origin).responses.create(body, { signal: question.signal ?? null });
    let last: OpenAI.Responses.ResponseStreamEvent | undefined;
    for await (const event of stream) last = event;
    if (last?.type !== 'response.completed' && last?.type !== 'response.incomplete')
      throw new Error(`the stream ended with ${last?.type}`);
    return responsesAnswer(last.response, last.type);
  },
};

const anthropic = (origin: string): Anthropic => new Anthropic({ baseURL: origin, apiKey: CLIENT_KEY, maxRetries: 0 });

function messagesBody(question: Question): Anthropic.MessageCreateParamsNonStreaming {
  const { tool } = question;
  return {
    model: question.model,
    // The newest SDK does not type it any more: models still take it.
    ...{ temperature: 0 },
    max_tokens: question.maxTokens,
    messages: [{ role: 'user', content: question.prompt }],
    ...(question.system === undefined ? {} : { system: question.system }),
    ...(question.stop === undefined ? {} : { stop_sequences: [question.stop] }),
    ...(tool === undefined
      ? {}
      : {
          tools: [{ name: tool.name, input_schema: { type: 'object', ...tool.schema } }],
          tool_choice: { type: 'any' as const, disable_parallel_tool_use: true },
        }),
  };
}

function messagesAnswer(answer: Anthropic.Message, lastEvent?: string): Answer {
  const { usage } = answer;
  return {
    text: answer.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    finish: answer.stop_reason,
    // Claude counts cached tokens apart; the server caches prompts by itself.
    inputTokens: usage.input_tokens + (usage.cache_read_input_tokens ?? 0),
    outputTokens: usage.output_tokens,
    calls: answer.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [],
    ),
    lastEvent,
  };
}

const messages: Sdk = {
  name: 'anthropic',
  cut: 'max_tokens',
  ended: 'end_turn',
  async ask(origin, question) {
    const options = { signal: question.signal ?? null };
    return messagesAnswer(await anthropic(origin).messages.create(messagesBody(question), options));
  },
  async stream(origin, question) {
    const stream = anthropic(origin).messages.stream(messagesBody(question), { signal: question.signal ?? null });
    let lastEvent = '';
    stream.on('streamEvent', (event) => {
      lastEvent = event.type;
    });
    return messagesAnswer(await stream.finalMessage(), lastEvent);
  },
};

const google = (origin: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey: CLIENT_KEY, httpOptions: { baseUrl: origin } });

function geminiBody(question: Question): Parameters<GoogleGenAI['models']['generateContent']>[0] {
  const { tool } = question;
  return {
    model: question.model,
    contents: question.prompt,
    config: {
      temperature: 0,
      maxOutputTokens: question.maxTokens,
      ...(question.signal === undefined ? {} : { abortSignal: question.signal }),
      ...(question.system === undefined ? {} : { systemInstruction: question.system }),
      ...(question.stop === undefined ? {} : { stopSequences: [question.stop] }),
      ...(tool === undefined
        ? {}
        : {
            tools: [{ functionDeclarations: [{ name: tool.name, parametersJsonSchema: tool.schema }] }],
            toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
          }),
    },
  };
}

type GeminiAnswer = Awaited<ReturnType<GoogleGenAI['models']['generateContent']>>;

function geminiAnswer(chunks: readonly GeminiAnswer[]): Answer {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const usage = chunks.findLast((chunk) => chunk.usageMetadata !== undefined)?.usageMetadata;
  return {
    text: parts.map((part) => part.text ?? '').join(''),
    finish: chunks.at(-1)?.candidates?.[0]?.finishReason,
    inputTokens: usage?.promptTokenCount,
    outputTokens: usage?.candidatesTokenCount,
    calls: parts.flatMap(({ functionCall }) =>
      functionCall === undefined ? [] : [{ name: functionCall.name, input: functionCall.args }],
    ),
  };
}

const gemini: Sdk = {
  name: '@google/genai',
  cut: 'MAX_TOKENS',
  ended: 'STOP',
  async ask(origin, question) {
    return geminiAnswer([await google(origin).models.generateContent(geminiBody(question))]);
  },
  async stream(origin, question) {
    const chunks: GeminiAnswer[] = [];
    for await (const chunk of await google(origin).models.generateContentStream(geminiBody(question)))
      chunks.push(chunk);
    return geminiAnswer(chunks);
  },
};

/** The official SDKs, one per client dialect. */
export const sdks: readonly Sdk[] = [chat, responses, messages, gemini];
