import { describe, expect, it } from 'vitest';
import { citedRange, codePointLength } from './citation.ts';
import type { Part, ServerToolPart } from './part.ts';
import { joinServerTools, serverToolText } from './server-tool.ts';

const tool = (fields: Partial<ServerToolPart>): ServerToolPart => ({
  type: 'server-tool',
  tool: 'web-search',
  phase: 'call',
  id: '1',
  origin: 'gemini',
  ...fields,
});

it.each<[Partial<ServerToolPart>, string | undefined]>([
  [{ queries: ['a', 'b "c"'] }, '[Web search: "a", "b \\"c\\""]'],
  [{ queries: [] }, undefined],
  [{ urls: ['u', 'v'] }, '[Page read: u]\n[Page read: v]'],
  [{ code: 'x', language: 'bash' }, '[Code run:]\n```bash\nx\n```'],
  [{ code: 'x' }, '[Code run:]\n```\nx\n```'],
  [{ prompt: 'a cat' }, '[Image generated: a cat]'],
  [{ output: 'o' }, '[Output:]\n```\no\n```'],
  [{ output: 'o', isError: true }, '[Error:]\n```\no\n```'],
  [{ output: '' }, undefined],
  [
    {
      phase: 'result',
      results: [
        { url: 'u', title: 't', snippet: 's' },
        { url: 'v', title: '' },
      ],
    },
    '[Search results:]\n- t (u): s\n- v',
  ],
  [{ phase: 'result' }, '[Search results: none]'],
  [{ phase: 'result', isError: true }, undefined],
  [{ phase: 'result', tool: 'url-context' }, undefined],
  [{ phase: 'whole' }, undefined],
])('%j is told as %j', (fields, text) => expect(serverToolText(tool(fields))).toBe(text));

describe('a result joins', () => {
  const text: Part = { type: 'text', text: 'x' };
  const result = tool({ phase: 'result', results: [{ url: 'u' }], value: { r: 1 } });

  it('its call, in the place of the call, without the wire objects', () => {
    const call = tool({ queries: ['q'], value: { c: 1 } });
    const { value: _, ...known } = call;
    expect(joinServerTools([text, call, text, result])).toEqual([
      text,
      { ...known, phase: 'whole', results: [{ url: 'u' }] },
      text,
      undefined,
    ]);
  });

  it('the latest call of the same id and tool', () => {
    const calls = [tool({ id: '', code: '1' }), tool({ id: '', code: '2' })];
    const joined = joinServerTools([...calls, tool({ id: '', phase: 'result', output: 'o' })]);
    expect(joined).toMatchObject([{ phase: 'call', code: '1' }, { phase: 'whole', code: '2', output: 'o' }, undefined]);
  });

  it.each([
    ['another id', tool({ id: '2' })],
    ['another tool', tool({ tool: 'url-context' })],
    ['what is whole', tool({ phase: 'whole' })],
  ])('not %s', (_, other) => expect(joinServerTools([other, result])).toEqual([other, result]));

  it('not a call after it', () => {
    const call = tool({});
    expect(joinServerTools([result, call])).toEqual([result, call]);
  });
});

it('counts characters and not code units', () => expect(codePointLength('a🙂b')).toBe(3));

it.each([
  [{}, { start: 0, end: 5 }],
  [
    { start: 1, end: 3 },
    { start: 1, end: 3 },
  ],
  [
    { start: -2, end: 99 },
    { start: 0, end: 5 },
  ],
  [
    { start: 4, end: 2 },
    { start: 2, end: 2 },
  ],
])('the range of %j in five characters is %j', (citation, range) => expect(citedRange(citation, 5)).toEqual(range));
