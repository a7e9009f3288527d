import { describe, expect, it } from 'vitest';
import { type GenerationRequest, isJsonObject, type JsonValue, type Tool } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { kiro } from './index.ts';

const tool = (name: string, more: object = {}): Tool => ({
  type: 'function',
  name,
  description: 'Does it.',
  parameters: { type: 'object', properties: { a: { type: 'string' } } },
  path: `tools.${name}`,
  ...more,
});

function encode(more: Partial<GenerationRequest>, target: Partial<EncodeTarget> = {}) {
  const request: GenerationRequest = {
    model: 'm',
    stream: true,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }], path: 'messages[0]' }],
    tools: [],
    sampling: {},
    extensions: {},
    ...more,
  };
  const { value, warnings } = kiro.encodeRequest(request, { model: 'm', stream: true, quirks: {}, ...target });
  const message = at(value, 'conversationState', 'currentMessage', 'userInputMessage');
  return {
    content: at(message, 'content'),
    tools: at(message, 'userInputMessageContext', 'tools'),
    warnings: warnings.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

function at(value: JsonValue | undefined, ...keys: readonly string[]): JsonValue | undefined {
  return keys.reduce((inner: JsonValue | undefined, key) => (isJsonObject(inner) ? inner[key] : undefined), value);
}

const specification = (name: string, description = 'Does it.') => ({
  toolSpecification: {
    name,
    description,
    inputSchema: { json: { type: 'object', properties: { a: { type: 'string' } } } },
  },
});

describe('tools', () => {
  it('stand with the current message', () => {
    expect(encode({ tools: [tool('f'), tool('g')] })).toEqual({
      content: 'hi',
      tools: [specification('f'), specification('g')],
      warnings: [],
    });
  });

  it('a schema and a description are always there', () => {
    const bare: Tool = { type: 'function', name: 'f', path: 't' };
    const blank = {
      toolSpecification: {
        name: 'f',
        description: 'Tool f.',
        inputSchema: { json: { type: 'object', properties: {} } },
      },
    };
    expect(encode({ tools: [bare] }).tools).toEqual([blank]);
    expect(encode({ tools: [{ ...bare, description: ' ' }] }).tools).toEqual([blank]);
  });

  it('a custom tool is a function with one text', () => {
    expect(encode({ tools: [{ type: 'custom', name: 'patch', description: 'Edits.', path: 't' }] }).tools).toEqual([
      {
        toolSpecification: {
          name: 'patch',
          description: 'Edits.',
          inputSchema: {
            json: {
              type: 'object',
              properties: { input: { type: 'string' } },
              required: ['input'],
              additionalProperties: false,
            },
          },
        },
      },
    ]);
  });

  it('names that are refused come back as they were', () => {
    const long = 'x'.repeat(65);
    const tools = [tool('a.b'), tool(long)];
    const encoded = JSON.stringify(encode({ tools }).tools);
    expect(encoded).toContain('"a_b"');
    expect(encoded).toContain(`"${'x'.repeat(64)}"`);
    const names = kiro.toolNames?.({ model: 'm', stream: true, messages: [], tools, sampling: {}, extensions: {} });
    expect([...(names ?? [])]).toEqual([
      ['a_b', 'a.b'],
      ['x'.repeat(64), long],
    ]);
  });

  it('a description is cut at the limit, not amid a character', () => {
    const fits = 'd'.repeat(10_240);
    expect(encode({ tools: [tool('f', { description: fits })] })).toMatchObject({
      tools: [specification('f', fits)],
      warnings: [],
    });
    const cut = encode({ tools: [tool('f', { description: `${'d'.repeat(10_236)}\u{1F600}more` })] });
    expect(cut).toEqual({
      content: 'hi',
      tools: [specification('f', `${'d'.repeat(10_236)}...`)],
      warnings: ['tools.f.description: Kiro takes 10240 bytes of a description; the rest is cut off'],
    });
    const exact = encode({ tools: [tool('f', { description: 'd'.repeat(10_241) })] });
    expect(exact.tools).toEqual([specification('f', `${'d'.repeat(10_237)}...`)]);
  });

  it('tells of what it leaves out', () => {
    const tools: Tool[] = [
      tool('f', { strict: true }),
      tool('f', { path: 'again' }),
      { type: 'built-in', name: 'web-search', path: 'b' },
      { type: 'opaque', dialect: 'gemini', value: {}, path: 'o' },
    ];
    expect(encode({ tools })).toEqual({
      content: 'hi',
      tools: [specification('f')],
      warnings: [
        'tools.f.strict: Kiro does not bind arguments to the schema',
        'again: a tool of this name is there already; the first is kept',
        'b: Kiro runs no tools of its own',
        'o: only gemini knows this tool',
      ],
    });
  });
});

const IN_WORDS = 'Kiro has no member for it; the model is told in words';
const told = (words: string) => `<instructions>\n${words}\n</instructions>\n\nhi`;

describe('tool choice', () => {
  const tools = [tool('f'), tool('g.h')];

  it.each<[GenerationRequest['toolChoice'], string]>([
    [{ type: 'none' }, 'Do not call any tool in this answer.'],
    [{ type: 'required' }, 'Call at least one of the tools now.'],
    [{ type: 'tool', name: 'g.h' }, 'Call the tool "g_h" now.'],
  ])('%j in words', (toolChoice, words) => {
    if (toolChoice === undefined) throw new Error('no choice');
    expect(encode({ tools, toolChoice })).toMatchObject({
      content: told(words),
      warnings: [`toolChoice: ${IN_WORDS}`],
    });
  });

  it('auto says nothing; a choice among some offers no others', () => {
    expect(encode({ tools, toolChoice: { type: 'auto' } })).toMatchObject({ content: 'hi', warnings: [] });
    expect(encode({ tools, toolChoice: { type: 'auto', names: ['f'] } })).toEqual({
      content: 'hi',
      tools: [specification('f')],
      warnings: [],
    });
    expect(encode({ tools, toolChoice: { type: 'auto', names: [] } }).tools).toHaveLength(2);
  });

  it.each<[NonNullable<GenerationRequest['toolChoice']>, readonly string[]]>([
    [{ type: 'none' }, []],
    [{ type: 'required' }, ['toolChoice: there is no function to call']],
    [{ type: 'tool', name: 'f' }, ['toolChoice: there is no function to call']],
    [{ type: 'built-in', name: 'web-search' }, ['toolChoice: Kiro runs no tools of its own']],
    [{ type: 'opaque', dialect: 'gemini', value: 1 }, ['toolChoice: only gemini knows this choice']],
  ])('%j without tools', (toolChoice, warnings) => {
    expect(encode({ toolChoice })).toEqual({ content: 'hi', tools: undefined, warnings });
  });

  it('one call at a time, if there is any to make', () => {
    expect(encode({ tools, parallelToolCalls: false })).toMatchObject({
      content: told('Call at most one tool at a time.'),
      warnings: [`parallelToolCalls: ${IN_WORDS}`],
    });
    expect(encode({ parallelToolCalls: false })).toMatchObject({ content: 'hi', warnings: [] });
    expect(encode({ tools, parallelToolCalls: true })).toMatchObject({ content: 'hi', warnings: [] });
  });
});

describe('the form of the answer', () => {
  it('is told in words', () => {
    expect(encode({ output: { type: 'text' } })).toMatchObject({ content: 'hi', warnings: [] });
    expect(encode({ output: { type: 'json-object' } })).toMatchObject({
      content: told('Answer with one JSON object and nothing else: no other text, no code fence.'),
      warnings: [`output: ${IN_WORDS}`],
    });
    expect(encode({ output: { type: 'json-schema', schema: { type: 'number' }, description: 'n' } })).toMatchObject({
      content: told(
        'Answer with one JSON value and nothing else: no other text, no code fence. It must match this JSON Schema:\n{"type":"number","description":"n"}',
      ),
      warnings: [`output: ${IN_WORDS}`],
    });
  });
});

describe('thinking', () => {
  const tags = (length: number) =>
    told(`<thinking_mode>enabled</thinking_mode>\n<max_thinking_length>${length}</max_thinking_length>`);

  it.each<[NonNullable<GenerationRequest['reasoning']>, number]>([
    [{ budgetTokens: 4096 }, 4096],
    [{ budgetTokens: 1 }, 1024],
    [{ budgetTokens: 99_999 }, 32_000],
    [{ budgetTokens: -1 }, 16_000],
    [{ adaptive: true }, 16_000],
    [{ effort: 'medium' }, 8192],
    [{ effort: 'minimal' }, 1024],
    [{ effort: 'max' }, 32_000],
  ])('%j', (reasoning, length) => {
    expect(encode({ reasoning })).toMatchObject({ content: tags(length), warnings: [] });
  });

  it.each<[NonNullable<GenerationRequest['reasoning']>]>([
    [{ budgetTokens: 0 }],
    [{ effort: 'none' }],
    [{ summary: 'auto' }],
    [{ adaptive: false }],
  ])('%j asks for none', (reasoning) => {
    expect(encode({ reasoning })).toMatchObject({ content: 'hi', warnings: [] });
  });

  it('within what the model takes', () => {
    const reasoning = { minBudget: 2000, maxBudget: 3000 };
    expect(encode({ reasoning: { budgetTokens: 1 } }, { reasoning }).content).toBe(tags(2000));
    expect(encode({ reasoning: { budgetTokens: 9000 } }, { reasoning }).content).toBe(tags(3000));
  });
});
