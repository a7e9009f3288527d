import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../ir/index.ts';
import { anthropicMessages as codec } from './index.ts';

/** Words of the dialect, so that random JSON gets past the first check. */
const keys = fc.constantFrom(
  ...['type', 'messages', 'content', 'role', 'text', 'system', 'tools', 'thinking', 'name', 'input', 'id', 'source'],
  ...['index', 'delta', 'content_block', 'message', 'usage', 'stop_reason', 'signature', 'data', 'partial_json'],
  ...['citation', 'citations', 'tool_use_id', 'error', 'cache_control', 'output_config', 'tool_choice', '__proto__'],
);
const words = fc.constantFrom(
  ...['text', 'image', 'document', 'thinking', 'redacted_thinking', 'tool_use', 'tool_result', 'base64', 'url'],
  ...['user', 'assistant', 'system', 'message', 'error', 'message_start', 'content_block_start', 'message_delta'],
  ...['content_block_delta', 'content_block_stop', 'message_stop', 'text_delta', 'enabled', 'any', 'tool', ''],
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    words,
    fc.constantFrom(null, true, 0, -1, 1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 7 }),
  ),
})).value;
const object = json.filter(isJsonObject) as fc.Arbitrary<JsonObject>;

function onlyProxyErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProxyError);
  }
}

const request = fc.record({ model: fc.constant('m'), messages: fc.array(object, { maxLength: 3 }), tools: json });

it('decodeRequest throws only ProxyError, and what it returns can be encoded', () => {
  fc.assert(
    fc.property(fc.oneof(object, request as fc.Arbitrary<JsonObject>), (body) => {
      onlyProxyErrors(() => {
        const ir = codec.decodeRequest(body, {});
        codec.encodeRequest(ir, { model: 'm', stream: false, quirks: {} });
      });
    }),
    { numRuns: 2000 },
  );
});

it('decodeResponse throws only ProxyError that blame the upstream', () => {
  fc.assert(
    fc.property(object, (body) => {
      onlyProxyErrors(() => codec.decodeResponse(body));
      if (body['type'] === 'error') return;
      try {
        codec.decodeResponse(body);
      } catch (error) {
        expect(error).toMatchObject({ code: 'upstream_invalid_response' });
      }
    }),
    { numRuns: 2000 },
  );
});

it('the stream decoder throws only ProxyError', () => {
  const start = { type: 'message_start', message: { id: 'i', model: 'm' } };
  const block = (type: string): object => ({ type: 'content_block_start', index: 0, content_block: { type } });
  fc.assert(
    fc.property(fc.array(object, { maxLength: 6 }), words, fc.string(), (events, type, garbage) => {
      onlyProxyErrors(() => {
        const decoder = codec.createStreamDecoder();
        for (const event of [start, block(type), ...events]) {
          decoder.push({ event: undefined, data: JSON.stringify(event) });
        }
        decoder.push({ event: undefined, data: garbage });
        decoder.end();
      });
    }),
    { numRuns: 2000 },
  );
});

it('the readers of errors and tails never throw', () => {
  fc.assert(
    fc.property(json, fc.string(), fc.integer({ min: 0, max: 4000 }), (body, text, cut) => {
      expect(typeof codec.decodeError(500, body as JsonObject).message).toBe('string');
      const wire = `${JSON.stringify(body)}${text}"usage":{"output_tokens":1}`;
      codec.readStreamTail(wire.slice(0, cut), wire.slice(cut));
      codec.readResponseUsage(wire.slice(0, cut));
    }),
    { numRuns: 1000 },
  );
});
