import { expect, test } from 'vitest';
import type { GenerationRequest, Part, Tool } from '../ir/index.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { countTextTokens, vocabularyOf } from './tokenize.ts';

const text = (value: string): Part => ({ type: 'text', text: value });
const request = (content: readonly Part[], more: Partial<GenerationRequest> = {}): GenerationRequest => ({
  model: 'm',
  stream: false,
  messages: [{ role: 'user', content, path: 'messages[0]' }],
  tools: [],
  sampling: {},
  extensions: {},
  ...more,
});
const tokens = async (content: readonly Part[], more: Partial<GenerationRequest> = {}): Promise<number> =>
  (await estimateTokens(request(content, more), 'm')).tokens;

test('what a request holds is counted, each kind of part and tool', async () => {
  const nothing = await tokens([]);
  expect(nothing).toBe(4);
  const parts: readonly Part[] = [
    text('hello world'),
    { type: 'reasoning', text: 'hello world', summary: false, redacted: false },
    { type: 'refusal', text: 'hello world' },
    { type: 'tool-call', id: '1', name: 'hello', kind: 'function', arguments: 'world' },
    {
      type: 'tool-result',
      callId: '1',
      kind: 'function',
      isError: false,
      content: [{ type: 'text', text: 'hello world' }],
    },
    { type: 'media', kind: 'file', source: { type: 'text', text: 'hello world' } },
  ];
  for (const part of parts) expect(await tokens([part]), part.type).toBe(6);
  expect(await tokens([{ type: 'opaque', dialect: 'gemini', value: { a: 'hello world' } }])).toBeGreaterThan(6);
  const tools: readonly Tool[] = [
    { type: 'function', name: 'look', description: 'Looks.', parameters: { type: 'object' }, path: 'tools[0]' },
    { type: 'custom', name: 'look', format: { type: 'text' }, path: 'tools[0]' },
    { type: 'built-in', name: 'web-search', path: 'tools[0]' },
    { type: 'opaque', dialect: 'gemini', value: { a: 1 }, path: 'tools[0]' },
  ];
  for (const tool of tools) expect(await tokens([], { tools: [tool] }), tool.type).toBeGreaterThan(nothing + 8);
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  expect(await tokens([], { output: { type: 'json-schema', schema } })).toBeGreaterThan(nothing + 5);
  expect(await tokens([], { output: { type: 'json-object' } })).toBe(nothing);
});

test('images, audio and files have a flat rate, in tool results too', async () => {
  const image = {
    type: 'media',
    kind: 'image',
    source: { type: 'base64', mediaType: 'image/png', data: 'A'.repeat(9999) },
  } as const;
  const result: Part = { type: 'tool-result', callId: '1', kind: 'function', isError: false, content: [image] };
  expect(await estimateTokens(request([image, result]), 'm')).toEqual({ tokens: 2004, media: 2000 });
});

test('the vocabulary is that of the model', async () => {
  const older = ['gpt-4', 'gpt-4-turbo', 'gpt-3.5-turbo', 'openai/gpt-4', 'text-embedding-3-small'];
  const newer = [
    'gpt-4o',
    'gpt-4.1',
    'gpt-4.5',
    'gpt-5.5',
    'gpt-41',
    'o1',
    'o3',
    'o4-mini',
    'claude-opus-5',
    'gemini-3-pro',
    'my-gpt-4',
  ];
  expect(older.map(vocabularyOf)).toEqual(older.map(() => 'cl100k'));
  expect(newer.map(vocabularyOf)).toEqual(newer.map(() => 'o200k'));
  const umlauts = 'Größenwahnsinnige Übermütigkeit, 漢字かな交じり文';
  expect(await countTextTokens('cl100k', umlauts)).toBeGreaterThan(await countTextTokens('o200k', umlauts));
});

test('a text of any length and kind is counted in seconds, cut where it changes least', async () => {
  expect(await countTextTokens('o200k', '')).toBe(0);
  expect(await countTextTokens('o200k', 'The quick brown fox jumps over the lazy dog.')).toBe(10);
  expect(await countTextTokens('o200k', '<|endoftext|> is text')).toBeGreaterThan(4);
  expect(await countTextTokens('o200k', ' hello'.repeat(20_000))).toBe(20_000);
  const start = performance.now();
  for (const run of ['a', '漢字仮名', ' ', '='])
    expect(await countTextTokens('o200k', run.repeat(200_000 / run.length))).toBeGreaterThan(1000);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('beyond four million characters a part stands for the whole', async () => {
  expect(await countTextTokens('o200k', ' hello'.repeat(1_000_000))).toBeGreaterThan(990_000);
});

// Again when the machine itself held it up.
test('a megabyte of anything does not hold up the event loop', { retry: 2 }, async () => {
  await tokens([text('warm')]);
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
  }, 5);
  for (const megabyte of ['word '.repeat(200_000), '漢'.repeat(1_000_000)]) await tokens([text(megabyte)]);
  clearInterval(timer);
  expect(worst).toBeLessThan(50);
});
