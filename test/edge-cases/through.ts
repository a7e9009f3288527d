/** The hub without sockets: a client's body to an upstream's, an upstream's answer to a client's. */
import { codecs } from '../../src/dialects/index.ts';
import { SseParser } from '../../src/framing/sse.ts';
import type { TranslationWarning } from '../../src/ir/index.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

/** What a translation gives. */
export interface Translated {
  readonly body: Wire;
  readonly warnings: readonly TranslationWarning[];
}

function codecOf(dialect: UpstreamDialect): NonNullable<ReturnType<typeof codecs.get>> {
  const codec = codecs.get(dialect);
  if (codec === undefined) throw new Error(`no codec for ${dialect}`);
  return codec;
}

/** A request of a client as the upstream gets it. `target`: further facts of the target (see EncodeTarget). */
export function request(client: UpstreamDialect, upstream: UpstreamDialect, body: Wire, target: Wire = {}): Translated {
  const stream = body.stream === true;
  const decoded = codecOf(client).decodeRequest({ model: 'm', ...body }, { model: body.model ?? 'm', stream });
  const { value, warnings } = codecOf(upstream).encodeRequest(decoded, {
    model: body.model ?? 'm',
    stream,
    quirks: {},
    ...target,
  });
  return { body: value, warnings };
}

function contextOf(client: UpstreamDialect, asked: Wire): Parameters<ReturnType<typeof codecOf>['encodeResponse']>[1] {
  const model = asked.model ?? 'm';
  return {
    model,
    request: codecOf(client).decodeRequest({ model, ...asked }, { model, stream: asked.stream === true }),
    nowS: 1_700_000_000,
    newId: (prefix) => `${prefix}new`,
    framing: 'sse',
  };
}

/** The least a client can ask in its dialect. */
export const leastRequest: Readonly<Record<UpstreamDialect, Wire>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'hi' }] },
  'openai-responses': { input: 'hi' },
  'anthropic-messages': { max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
};

/** A whole answer of the upstream as the client gets it. */
export function answer(
  client: UpstreamDialect,
  upstream: UpstreamDialect,
  body: Wire,
  asked: Wire = leastRequest[client],
): Translated {
  const decoded = codecOf(upstream).decodeResponse(body);
  const { value, warnings } = codecOf(client).encodeResponse(decoded, contextOf(client, asked));
  return { body: value, warnings };
}

/** One event of a stream as a client reads it. */
export interface ClientEvent {
  readonly event: string | undefined;
  /** Parsed; the text where it is no JSON (`[DONE]`). */
  readonly data: Wire;
}

/** The SSE text of data lines: strings go as they are, values as JSON with the `event:` line that they name in `type`. */
export function sse(upstream: UpstreamDialect, events: readonly Wire[]): string {
  const named = upstream === 'anthropic-messages' || upstream === 'openai-responses';
  return events
    .map((event) => {
      const data = typeof event === 'string' ? event : JSON.stringify(event);
      return `${named && typeof event === 'object' ? `event: ${event.type}\n` : ''}data: ${data}\n\n`;
    })
    .join('');
}

function parse(data: string): Wire {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

/** A stream of the upstream (SSE text, or its events) as the client gets it. Throws what the decoder throws. */
export function stream(
  client: UpstreamDialect,
  upstream: UpstreamDialect,
  given: string | readonly Wire[],
  asked: Wire = leastRequest[client],
): readonly ClientEvent[] {
  const decoder = codecOf(upstream).createStreamDecoder();
  const encoder = codecOf(client).createStreamEncoder(contextOf(client, { ...asked, stream: true }));
  const frames = framesOf(typeof given === 'string' ? given : sse(upstream, given));
  const events = [...frames.flatMap((frame) => [...decoder.push(frame)]), ...decoder.end()];
  const text = events.map((event) => encoder.push(event)).join('');
  return framesOf(text).map((frame) => ({ event: frame.event, data: parse(frame.data) }));
}

function framesOf(text: string): ReturnType<SseParser['end']>[number][] {
  const parser = new SseParser();
  return [...parser.push(Buffer.from(text)), ...parser.end()];
}
