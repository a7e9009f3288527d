import { describe, expect, test } from 'vitest';
import type { Citation, JsonValue } from '../../ir/index.ts';
import { decodeAnnotations, decodeSource, encodeAnnotations, encodeSources, losesCitations } from './annotations.ts';

const url = 'https://a.test';

test.each<[JsonValue, Citation[]]>([
  [null, []],
  ['x', []],
  [{}, []],
  [{ start_index: 1, end_index: 2 }, []],
  [{ url }, [{ url }]],
  [{ title: 'T' }, [{ title: 'T' }]],
  [{ filename: 'f.txt' }, [{ title: 'f.txt' }]],
  [{ url, title: 'T', filename: 'f' }, [{ url, title: 'T' }]],
  [{ url, start_index: 0, end_index: 2 }, [{ url, start: 0, end: 2 }]],
  [{ url, start_index: 1 }, [{ url }]],
  [{ url, end_index: 1 }, [{ url }]],
  [{ url, start_index: '1', end_index: 2 }, [{ url }]],
])('the source of %j', (annotation, sources) => {
  expect(decodeSource(annotation)).toStrictEqual(sources);
});

test('annotations keep what only this dialect says', () => {
  expect(decodeAnnotations([])).toBe(undefined);
  expect(decodeAnnotations('x')).toBe(undefined);
  const items = [{ type: 'file_path', file_id: 'f' }];
  expect(decodeAnnotations(items)).toStrictEqual({ dialect: 'openai-responses', items });
  const known = [...items, { url }];
  const citations = { dialect: 'openai-responses', items: known, sources: [{ url }] };
  expect(decodeAnnotations(known)).toStrictEqual(citations);
  expect(encodeAnnotations({ type: 'text', text: 'abc', citations })).toBe(known);
});

describe('of another dialect', () => {
  const whole = { type: 'url_citation', start_index: 0, end_index: 3, url, title: '' };

  test('only web pages have a form', () => {
    const citations = { dialect: 'gemini', items: [{}], sources: [{ title: 'Book' }, { url }] };
    expect(encodeAnnotations({ type: 'text', text: 'abc', citations })).toStrictEqual([whole]);
    expect(encodeAnnotations({ type: 'text', text: 'abc' })).toStrictEqual([]);
    expect(
      encodeAnnotations({ type: 'text', text: 'abc', citations: { dialect: 'gemini', items: [{ url }] } }),
    ).toStrictEqual([]);
  });

  test('places are within the text, in code points', () => {
    const sources = [{ url, title: 'T', start: 1, end: 9 }];
    expect(encodeSources(sources, '😀bc')).toStrictEqual([{ ...whole, start_index: 1, title: 'T' }]);
  });

  test.each<[string, Citation[] | undefined, boolean]>([
    ['gemini', undefined, true],
    ['gemini', [], true],
    ['gemini', [{ url }], false],
    ['gemini', [{ url }, { title: 'Book' }], true],
    ['openai-responses', undefined, false],
    ['openai-responses', [{ title: 'Book' }], false],
  ])('those of %s with the sources %j are lost: %s', (dialect, sources, lost) => {
    expect(losesCitations(dialect, sources)).toBe(lost);
  });
});
