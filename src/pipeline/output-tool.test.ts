import { describe, expect, it } from 'vitest';
import type { GenerationEvent, GenerationRequest, JsonObject } from '../ir/index.ts';
import { withOutputTool } from './output-tool.ts';
import { OutputToolAnswer } from './output-tool-answer.ts';

const schema: JsonObject = { type: 'object', properties: { a: { type: 'string' } } };
const base: GenerationRequest = {
  model: 'm',
  stream: false,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }], path: 'messages[0]' }],
  tools: [],
  sampling: {},
  extensions: {},
  output: { type: 'json-schema', schema },
};
const own = { type: 'function', name: 'find', path: 'tools[0]' } as const;
type Target = Parameters<typeof withOutputTool>[1];
type Codec = Parameters<typeof withOutputTool>[2];
const target = (structuredOutput: boolean) => ({ info: { id: 'm', capabilities: { structuredOutput } } }) as Target;
const form = (more: Partial<GenerationRequest> = {}) =>
  withOutputTool({ ...base, ...more }, target(false), { outputTools: true } as Codec);

describe('the request', () => {
  it('stays as it is for a model that knows schemas, a codec without output tools, or no schema', () => {
    expect(withOutputTool(base, target(true), { outputTools: true } as Codec)).toEqual({ request: base, warnings: [] });
    expect(withOutputTool(base, target(false), {} as Codec)).toEqual({ request: base, warnings: [] });
    expect(form({ output: { type: 'text' } }).answer).toBeUndefined();
  });

  it('gets one tool that is forced', () => {
    const { request, warnings } = form();
    expect(request.output).toBeUndefined();
    expect(request.tools).toMatchObject([{ type: 'function', name: 'structured_output', parameters: schema }]);
    expect(request.toolChoice).toEqual({ type: 'tool', name: 'structured_output' });
    expect(request.parallelToolCalls).toBe(false);
    expect(warnings).toEqual([]);
  });

  it.each([
    [undefined, { type: 'required' }],
    [{ type: 'auto' }, { type: 'required' }],
    [
      { type: 'auto', names: ['find'] },
      { type: 'required', names: ['find', 'structured_output'] },
    ],
    [{ type: 'none' }, { type: 'tool', name: 'structured_output' }],
  ] as const)('beside own tools with choice %j one of all must be called', (toolChoice, expected) => {
    expect(form({ tools: [own], ...(toolChoice && { toolChoice }) }).request.toolChoice).toEqual(expected);
  });

  it.each([{ type: 'required' }, { type: 'tool', name: 'find' }] as const)(
    'leaves a forced call %j alone',
    (toolChoice) => {
      const { request, answer } = form({ tools: [own], toolChoice });
      expect([request.tools, request.toolChoice, request.output, answer]).toEqual([
        [own],
        toolChoice,
        undefined,
        undefined,
      ]);
    },
  );

  it('asks instead of forcing while the model thinks, and says so', () => {
    const { request, warnings } = form({ reasoning: { budgetTokens: 2000 } });
    expect(request.toolChoice).toEqual({ type: 'auto' });
    expect(request.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(warnings.map(({ path }) => path)).toEqual(['output']);
    expect(form({ reasoning: { effort: 'none' } }).warnings).toEqual([]);
  });

  it('wraps what is no object, and keeps its definitions at the root', () => {
    const $defs = { a: { type: 'string' } };
    const { request } = form({
      output: { type: 'json-schema', schema: { type: 'array', items: { $ref: '#/$defs/a' }, $defs } },
    });
    expect(request.tools[0]).toMatchObject({
      parameters: {
        properties: { value: { type: 'array', items: { $ref: '#/$defs/a' } } },
        required: ['value'],
        $defs,
      },
    });
  });

  it('takes a free name', () => {
    expect(form({ tools: [{ ...own, name: 'structured_output' }] }).request.tools[1]).toMatchObject({
      name: 'structured_output_2',
    });
  });
});

const call = (block: number, name: string, ...pieces: string[]): GenerationEvent[] => [
  { type: 'tool-call-start', block, candidate: 0, id: `c${block}`, name, kind: 'function' },
  ...pieces.map((piece): GenerationEvent => ({ type: 'tool-call-delta', block, arguments: piece })),
  { type: 'block-end', block },
];
const text = (block: number, words: string): GenerationEvent[] => [
  { type: 'text-start', block, candidate: 0 },
  { type: 'text-delta', block, text: words },
  { type: 'block-end', block },
];
const end = (finishReason: 'tool-calls' | 'stop'): GenerationEvent => ({
  type: 'candidate-end',
  candidate: 0,
  finishReason,
});
const stream = (events: readonly GenerationEvent[], wrapped = false) => {
  const answer = new OutputToolAnswer('out', { wrapped, mayTalk: true });
  return events.flatMap((event) => answer.event(event));
};

describe('the streamed answer', () => {
  it('is the arguments as text, piece by piece, without the talk before', () => {
    expect(stream([...text(0, 'Let me see'), ...call(1, 'out', '{"a":', '1}'), end('tool-calls')])).toEqual([
      { type: 'text-start', block: 1, candidate: 0 },
      { type: 'text-delta', block: 1, text: '{"a":' },
      { type: 'text-delta', block: 1, text: '1}' },
      { type: 'block-end', block: 1 },
      end('stop'),
    ]);
  });

  it('is the text when the tool is not called', () => {
    const events = [...text(0, 'No.'), end('stop')];
    expect(stream(events)).toEqual(events);
  });

  it('keeps calls of other tools, the text before them and their finish reason', () => {
    const events = [...text(0, 'I look.'), ...call(1, 'find', '{}'), end('tool-calls')];
    expect(stream(events)).toEqual(events);
    expect(stream([...call(0, 'find', '{}'), ...call(1, 'out', '{}'), end('tool-calls')]).at(-1)).toEqual(
      end('tool-calls'),
    );
  });

  it('counts the first call only, and unwraps it', () => {
    expect(stream([...call(0, 'out', '{"value":', '[1]}'), ...call(1, 'out', '{}'), end('tool-calls')], true)).toEqual([
      ...text(0, '[1]'),
      end('stop'),
    ]);
  });
});

it('a whole answer is the arguments of the first call', () => {
  const answer = new OutputToolAnswer('out', { wrapped: false, mayTalk: true });
  const part = { type: 'tool-call', id: 'c', name: 'out', kind: 'function', arguments: '{"a":1}' } as const;
  const usage = { inputTokens: 1, outputTokens: 1 } as Parameters<typeof answer.response>[0]['usage'];
  const response = { id: 'r', model: 'm', usage, extensions: {} };
  const content = [{ type: 'text', text: 'Here' } as const, part, part];
  expect(answer.response({ ...response, candidates: [{ content, finishReason: 'tool-calls' }] }).candidates).toEqual([
    { content: [{ type: 'text', text: '{"a":1}' }], finishReason: 'stop' },
  ]);
});
