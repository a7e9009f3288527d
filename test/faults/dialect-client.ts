/** A bare client of each dialect: what a test sends and where in the answer it finds things. No SDK, no retry. */
import { CLIENT_KEY } from '../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

export const dialects: readonly UpstreamDialect[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'];

/** Client dialect and upstream dialect: all sixteen pairs. */
export const pairs: readonly (readonly [UpstreamDialect, UpstreamDialect])[] = dialects.flatMap((client) =>
  dialects.map((upstream) => [client, upstream] as const),
);

/** Where a dialect's generation endpoint is. */
export function pathOf(dialect: UpstreamDialect, model: string, stream: boolean): string {
  switch (dialect) {
    case 'openai-chat':
      return '/v1/chat/completions';
    case 'openai-responses':
      return '/v1/responses';
    case 'anthropic-messages':
      return '/v1/messages';
    case 'gemini':
      return `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
  }
}

/** The smallest proper request. */
export function bodyOf(dialect: UpstreamDialect, model: string, stream: boolean, text = 'hi'): Wire {
  switch (dialect) {
    case 'openai-chat':
      return { model, stream, messages: [{ role: 'user', content: text }] };
    case 'openai-responses':
      return { model, stream, input: text };
    case 'anthropic-messages':
      return { model, stream, max_tokens: 100, messages: [{ role: 'user', content: text }] };
    case 'gemini':
      return { contents: [{ role: 'user', parts: [{ text }] }] };
  }
}

/** What else a request may say. */
export interface Ask {
  readonly stream?: boolean;
  readonly text?: string;
  /** Added to the body. */
  readonly extra?: Wire;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Sends one request over a real socket. */
export function ask(origin: string, dialect: UpstreamDialect, model: string, more: Ask = {}): Promise<Response> {
  const stream = more.stream ?? false;
  return fetch(origin + pathOf(dialect, model, stream), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}`, ...more.headers },
    body: JSON.stringify({ ...bodyOf(dialect, model, stream, more.text), ...more.extra }),
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  });
}

/** An error body in the words of no dialect. `shape` is false when the body is not what the dialect's clients read. */
export interface ReadError {
  readonly shape: boolean;
  readonly message: string;
  readonly code: unknown;
}

/** Reads an error body as the dialect's official client does. */
export function readError(dialect: UpstreamDialect, body: Wire): ReadError {
  const error = body?.error;
  const message = typeof error?.message === 'string' ? error.message : '';
  switch (dialect) {
    case 'openai-chat':
    case 'openai-responses':
      return {
        shape: message !== '' && typeof error.type === 'string' && body.type === undefined,
        message,
        code: error?.code,
      };
    case 'anthropic-messages':
      return {
        shape: body?.type === 'error' && typeof error?.type === 'string' && message !== '',
        message,
        code: error?.type,
      };
    case 'gemini':
      return {
        shape: typeof error?.code === 'number' && /^[A-Z_]+$/.test(String(error?.status)) && message !== '',
        message,
        code: error?.status,
      };
  }
}

/** The text of a whole answer. */
export function readText(dialect: UpstreamDialect, body: Wire): string {
  switch (dialect) {
    case 'openai-chat':
      return body.choices[0].message.content ?? '';
    case 'openai-responses':
      return body.output
        .filter((item: Wire) => item.type === 'message')
        .flatMap((item: Wire) => item.content)
        .map((part: Wire) => part.text)
        .join('');
    case 'anthropic-messages':
      return body.content
        .filter((block: Wire) => block.type === 'text')
        .map((block: Wire) => block.text)
        .join('');
    case 'gemini':
      return body.candidates[0].content.parts
        .filter((part: Wire) => part.thought !== true)
        .map((part: Wire) => part.text ?? '')
        .join('');
  }
}
