import { expect, it } from 'vitest';
import { cacheLastPart, readCacheControl } from './cache-control.ts';
import type { Part } from './index.ts';

const text = (value: string): Part => ({ type: 'text', text: value });

it.each([
  [{}, {}],
  [{ cache_control: null }, {}],
  [{ cache_control: { type: 'ephemeral' } }, { cacheControl: {} }],
  [{ cache_control: { type: 'ephemeral', ttl: '5m' } }, { cacheControl: { ttl: '5m' } }],
  [{ cache_control: { type: 'ephemeral', ttl: '1h' } }, { cacheControl: { ttl: '1h' } }],
  [{ cache_control: { type: 'ephemeral', ttl: '2h' } }, { cacheControl: {} }],
])('%j', (holder, cache) => expect(readCacheControl(holder)).toEqual(cache));

const marked = { cache_control: { type: 'ephemeral', ttl: '1h' } };

it('the mark of a message goes to its last part', () => {
  expect(cacheLastPart([text('a'), text('b')], marked)).toEqual([
    text('a'),
    { ...text('b'), cacheControl: { ttl: '1h' } },
  ]);
});

it('a part keeps its own mark', () => {
  const own = [{ type: 'text', text: 'a', cacheControl: {} }] as const;
  expect(cacheLastPart(own, marked)).toEqual(own);
});

it('without a mark, a part, or a part that can be marked, nothing changes', () => {
  const refusal = [{ type: 'refusal', text: 'no' }] as const;
  expect(cacheLastPart([text('a')], {})).toEqual([text('a')]);
  expect(cacheLastPart([], marked)).toEqual([]);
  expect(cacheLastPart(refusal, marked)).toBe(refusal);
});

it.each([
  { type: 'media', kind: 'image', source: { type: 'url', url: 'https://images.test/a.png' } },
  { type: 'tool-call', id: 'c1', name: 'f', kind: 'function', arguments: '{}' },
  { type: 'tool-result', callId: 'c1', content: [], isError: false, kind: 'function' },
] as const)('$type can be marked', (part) => {
  expect(cacheLastPart([part], marked)).toEqual([{ ...part, cacheControl: { ttl: '1h' } }]);
});
