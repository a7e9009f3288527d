import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../ir/index.ts';
import { openaiResponses } from './index.ts';

const words = fc.constantFrom(
  ...'message reasoning function_call custom_tool_call function_call_output item_reference input_text output_text'.split(
    ' ',
  ),
  ...'input_image refusal namespace function custom web_search user assistant gAAAA llmproxy.x.y rs_1'.split(' '),
  ...'image_generation_call allowed_tools auto incomplete json_schema additional_tools llmproxy.x.call:9:a'.split(' '),
);
const keys = fc.constantFrom(
  ...'type role content text id call_id name namespace arguments input output summary encrypted_content'.split(' '),
  ...'tools tool_choice mode image_url file_data part item item_id output_index content_index delta'.split(' '),
  ...'response status usage error annotations logprobs reasoning effort format schema model include'.split(' '),
  '__proto__',
);
const leaf = fc.oneof(
  words,
  fc.string({ maxLength: 6 }),
  fc.integer({ min: -1, max: 3 }),
  fc.boolean(),
  fc.constant(null),
);
const json = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 4 }), tie('object')),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 6 }) as fc.Arbitrary<JsonObject>,
})).object;

/** The result, or undefined when the one allowed error was thrown. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProxyError);
    return undefined;
  }
}

it('decodes and encodes any request, or refuses it with the one error class', () => {
  fc.assert(
    fc.property(json, fc.array(json, { maxLength: 4 }), (body, input) => {
      const request = attempt(() => openaiResponses.decodeRequest({ model: 'm', ...body, input }, {}));
      if (request === undefined) return;
      const target = { model: 'm', stream: request.stream, quirks: {} };
      const { value } = openaiResponses.encodeRequest(request, target);
      const again = openaiResponses.decodeRequest({ input: [], ...value }, {});
      expect(openaiResponses.encodeRequest(again, target).value).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it('decodes any answer, or refuses it with the one error class', () => {
  fc.assert(
    fc.property(json, fc.array(json, { maxLength: 4 }), (body, output) => {
      attempt(() => openaiResponses.decodeResponse({ ...body, output }));
    }),
    { numRuns: 500 },
  );
});

const eventTypes = fc.constantFrom(
  ...'created in_progress completed incomplete output_item.added output_item.done content_part.added'.split(' '),
  ...'content_part.done output_text.delta output_text.done refusal.delta reasoning_summary_text.delta'.split(' '),
  ...'reasoning_text.delta function_call_arguments.delta function_call_arguments.done unknown'.split(' '),
  ...'output_text.annotation.added custom_tool_call_input.delta reasoning_summary_part.added'.split(' '),
);

it('decodes any stream into well-formed events, or refuses it with the one error class', () => {
  const event = fc
    .tuple(eventTypes, json, json)
    .map(([type, fields, item]) => ({ item, ...fields, type: `response.${type}` }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      const decoder = openaiResponses.createStreamDecoder();
      const open = new Set<number>();
      attempt(() => {
        for (const wire of events) {
          for (const decoded of decoder.push({ event: undefined, data: JSON.stringify(wire) })) {
            if (decoded.type === 'block-end') expect(open.delete(decoded.block)).toBe(true);
            else if (decoded.type.endsWith('-start') && 'block' in decoded) open.add(decoded.block);
            else if (decoded.type.endsWith('-delta') && 'block' in decoded) expect(open).toContain(decoded.block);
            else if (decoded.type === 'response-end') expect(open).toEqual(new Set());
          }
        }
      });
    }),
    { numRuns: 1000 },
  );
});

it('never throws while it reads errors or tails', () => {
  fc.assert(
    fc.property(fc.string(), json, (tail, body) => {
      openaiResponses.decodeError(500, body);
      openaiResponses.readStreamTail(tail, `${JSON.stringify(body)}${tail}`);
      openaiResponses.readResponseUsage(`"usage":{${tail}`);
    }),
  );
});
