import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { openaiChat as codec } from './index.ts';

const requestKeys =
  'messages tools tool_choice functions function_call response_format reasoning reasoning_effort stop n user metadata modalities stream temperature parallel_tool_calls';
const innerKeys =
  'role type content text image_url url file file_data input_audio tool_calls function custom name id arguments reasoning_details tool_call_id refusal allowed_tools tools json_schema cache_control delta message index finish_reason usage extra_content audio images annotations error';
const leaf = fc.oneof(
  fc.constantFrom('user', 'assistant', 'tool', 'function', 'custom', 'text', 'image_url', 'file', 'json_schema', ''),
  fc.jsonValue({ maxDepth: 1 }),
);
const { tree } = fc.letrec<{ tree: JsonValue; object: JsonObject }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, depthSize: 'small' }, leaf, fc.array(tie('tree'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...innerKeys.split(' ')), tie('tree'), { maxKeys: 5 }),
})) as { tree: fc.Arbitrary<JsonValue> };

const target: EncodeTarget = { model: 'm', stream: true, quirks: {} };
const runs = { numRuns: 1500 };

/** Runs it; true when it threw a ProxyError with this code. Anything else that is thrown fails the test. */
function threw(run: () => unknown, code: string): boolean {
  try {
    run();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(ProxyError);
    if (error instanceof ProxyError && code === 'invalid_request') {
      expect(error.code).toBe(code);
      expect(error.path).toMatch(/./);
    } else if (error instanceof ProxyError) expect(error.code).toMatch(/^upstream_/);
    return true;
  }
}

describe('only ProxyError escapes', () => {
  test('decodeRequest; what it accepts can be encoded', () => {
    let refused = 0;
    const body = fc.dictionary(fc.constantFrom(...requestKeys.split(' ')), tree, { maxKeys: 5 });
    fc.assert(
      fc.property(body, (fields) => {
        const wire = { model: 'm', messages: [], ...fields };
        if (threw(() => codec.decodeRequest(wire, {}), 'invalid_request')) refused++;
        else codec.encodeRequest(codec.decodeRequest(wire, {}), target);
      }),
      runs,
    );
    expect(refused).toBeGreaterThan(100);
  });

  test('decodeRequest with messages of any shape', () => {
    const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'tool'), content: tree, tool_calls: tree });
    fc.assert(
      fc.property(fc.array(fc.oneof(tree, message), { maxLength: 4 }), (messages) => {
        const wire = { model: 'm', messages };
        if (!threw(() => codec.decodeRequest(wire, {}), 'invalid_request')) {
          codec.encodeRequest(codec.decodeRequest(wire, {}), target);
        }
      }),
      runs,
    );
  });

  test('decodeResponse', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ message: tree, finish_reason: leaf }), { maxLength: 2 }),
        tree,
        (choices, rest) => {
          const wire = { choices, usage: rest, ...(isJsonObject(rest) && rest) };
          threw(() => codec.decodeResponse(wire), 'upstream');
        },
      ),
      runs,
    );
  });

  test('stream chunks', () => {
    const chunk = fc.record({ choices: fc.array(fc.record({ delta: tree, finish_reason: leaf, index: leaf })) });
    fc.assert(
      fc.property(fc.array(fc.oneof(chunk, tree), { maxLength: 5 }), (chunks) => {
        const decoder = codec.createStreamDecoder();
        threw(() => {
          for (const value of chunks) decoder.push({ event: undefined, data: JSON.stringify(value) });
          decoder.end();
        }, 'upstream');
      }),
      runs,
    );
  });

  test('decodeError and the tail readers never throw', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 400, max: 599 }), (body, status) => {
        expect(codec.decodeError(status, body).message).not.toBe('');
        codec.readStreamTail(JSON.stringify(body), `"usage": ${JSON.stringify(body)}`);
      }),
      runs,
    );
  });
});
