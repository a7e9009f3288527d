/** Whatever a conversation looks like, its body is one that Kiro's service takes; whatever comes back, nothing breaks. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kiro } from '../../src/dialects/kiro/index.ts';
import { kiroEnvelope } from '../../src/envelopes/kiro.ts';
import { ProxyError } from '../../src/errors.ts';
import type { GenerationRequest, Message, Part, Tool } from '../../src/ir/index.ts';
import { faultsOf } from '../support/vendors/kiro/check-body.ts';

const id = fc.constantFrom('a', 'b', 'c', '');
const name = fc.constantFrom('f', 'g.h', 'x'.repeat(70), '', '\u00e9');
const text = fc.constantFrom('', ' ', 'hello', '\n');

const parts: Record<string, fc.Arbitrary<Part>> = {
  text: fc.record({ type: fc.constant('text' as const), text }),
  call: fc.record({
    type: fc.constant('tool-call' as const),
    id,
    name,
    kind: fc.constantFrom('function' as const, 'custom' as const),
    arguments: fc.constantFrom('', '{}', '{"a":1}', 'null', '[', '"x"'),
  }),
  result: fc.record({
    type: fc.constant('tool-result' as const),
    callId: id,
    content: fc.array(fc.record({ type: fc.constant('text' as const), text }), { maxLength: 2 }),
    isError: fc.boolean(),
    kind: fc.constant('function' as const),
  }),
  image: fc.record({
    type: fc.constant('media' as const),
    kind: fc.constantFrom('image' as const, 'file' as const),
    source: fc.record({
      type: fc.constant('base64' as const),
      mediaType: fc.constantFrom('image/png', 'application/pdf'),
      data: fc.constant('AAAA'),
    }),
  }),
  reasoning: fc.record({
    type: fc.constant('reasoning' as const),
    text,
    summary: fc.constant(false),
    redacted: fc.boolean(),
  }),
};

const message: fc.Arbitrary<Message> = fc.record({
  role: fc.constantFrom('system' as const, 'developer' as const, 'user' as const, 'assistant' as const),
  content: fc.array(fc.oneof(...Object.values(parts)), { maxLength: 4 }),
  path: fc.constant('m'),
});

const tool: fc.Arbitrary<Tool> = fc.record({
  type: fc.constant('function' as const),
  name,
  description: fc.constantFrom('', 'Does it.', '\u{1F600}'.repeat(3000)),
  path: fc.constant('t'),
});

const request: fc.Arbitrary<GenerationRequest> = fc.record({
  model: fc.constant('m'),
  stream: fc.boolean(),
  messages: fc.array(message, { maxLength: 8 }),
  tools: fc.array(tool, { maxLength: 3 }),
  sampling: fc.constant({}),
  extensions: fc.constant({}),
});

const context = {
  operation: 'generate' as const,
  model: 'm',
  stream: true,
  parameters: { origin: 'AI_EDITOR' },
  session: undefined,
  headers: {},
  newUuid: () => '00112233-4455-6677-8899-aabbccddeeff',
};

it('every body is properly formed', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const { value } = kiro.encodeRequest(asked, { model: 'm', stream: true, quirks: {} });
      expect(faultsOf(kiroEnvelope.wrap?.(value, context) ?? {}, ['m'])).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

const events = ['assistantResponseEvent', 'reasoningContentEvent', 'toolUseEvent', 'metadataEvent', 'usage', 'error'];
const members = [
  'content',
  'text',
  'toolUseId',
  'name',
  'input',
  'stop',
  'signature',
  'toolUses',
  'tokenUsage',
  'type',
];
const payload = fc.oneof(
  fc.dictionary(fc.constantFrom(...members), fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value)),
  fc.string({ maxLength: 8 }),
);

it('every stream is read or refused, with its blocks in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...events), payload), { maxLength: 8 }), (frames) => {
      const decoder = kiro.createStreamDecoder();
      const open = new Set<number>();
      try {
        const all = [...frames.flatMap(([event, data]) => [...decoder.push({ event, data })]), ...decoder.end()];
        for (const event of all) {
          if (!('block' in event)) continue;
          if (event.type.endsWith('-start')) open.add(event.block);
          else if (event.type === 'block-end') expect(open.delete(event.block)).toBe(true);
          else expect(open.has(event.block)).toBe(true);
        }
        expect(open.size).toBe(0);
        expect(all.at(-1)?.type).toBe('response-end');
      } catch (error) {
        if (!(error instanceof ProxyError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
