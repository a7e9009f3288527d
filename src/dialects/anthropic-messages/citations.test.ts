import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../ir/index.ts';
import { decodeCitations, decodeSource, encodeCitations, encodeSources } from './citations.ts';

const page = {
  type: 'web_search_result_location',
  url: 'https://a.example',
  title: 'A',
  encrypted_index: 'sealed',
  cited_text: 'words',
};
const foreign = { ...page, encrypted_index: 'llmproxy.gemini.citation' };

describe('what others understand of a citation', () => {
  it.each<[JsonValue, object[]]>([
    [page, [{ url: 'https://a.example', title: 'A', quote: 'words' }]],
    [{ url: 'https://a.example' }, [{ url: 'https://a.example' }]],
    [{ type: 'char_location', document_title: 'D', cited_text: 'q' }, [{ title: 'D', quote: 'q' }]],
    [{ title: 'T', document_title: 'D' }, [{ title: 'T' }]],
    [{ title: '', document_title: 'D' }, [{ title: 'D' }]],
    [{ cited_text: 'q' }, [{ quote: 'q' }]],
    [{ source: 'https://b.example' }, [{ url: 'https://b.example' }]],
    [{ source: 'http://b.example' }, [{ url: 'http://b.example' }]],
    [{ source: 'see https://b.example', title: 'T' }, [{ title: 'T' }]],
    [{ source: 'a file', title: 'T' }, [{ title: 'T' }]],
    [{ url: '', title: '', cited_text: '' }, []],
    [{ url: 1, title: null, cited_text: [] }, []],
    ['text', []],
    [null, []],
  ])('%j', (item, expected) => expect(decodeSource(item)).toStrictEqual(expected));
});

describe('the citations of a text block', () => {
  it.for([undefined, null, [], 'text', { enabled: true }])('%j holds none', (value) => {
    expect(decodeCitations(value)).toBeUndefined();
  });

  it('stay as they are beside what others understand', () => {
    const own: JsonValue[] = [page, { type: 'later' }, 'text'];
    expect(decodeCitations(own)).toStrictEqual({
      dialect: 'anthropic-messages',
      items: own,
      sources: [{ url: 'https://a.example', title: 'A', quote: 'words' }],
    });
    expect(decodeCitations([{ type: 'later' }])).toStrictEqual({
      dialect: 'anthropic-messages',
      items: [{ type: 'later' }],
    });
  });

  it('that another provider gave are not given to Claude as its own', () => {
    expect(decodeCitations([foreign])).toStrictEqual({
      dialect: 'anthropic-messages',
      items: [],
      sources: [{ url: 'https://a.example', title: 'A', quote: 'words' }],
    });
  });
});

describe('written for a Claude client', () => {
  it("Claude's own stand, with nothing lost", () => {
    const own = { dialect: 'anthropic-messages', items: [{ type: 'later' }] };
    expect(encodeCitations(own)).toStrictEqual({ items: [{ type: 'later' }], lost: false });
  });

  it('web pages of others are search results that say whose they are', () => {
    const sources = [{ url: 'https://a.example', title: 'A', quote: 'words' }, { url: 'https://b.example' }];
    const items = [foreign, { ...foreign, url: 'https://b.example', title: null, cited_text: '' }];
    expect(encodeSources(sources, 'gemini')).toStrictEqual(items);
    expect(encodeCitations({ dialect: 'gemini', items: [1], sources })).toStrictEqual({ items, lost: false });
  });

  it('what is no web page is lost', () => {
    const paper = { title: 'paper' };
    expect(encodeCitations({ dialect: 'gemini', items: [1], sources: [paper] })).toStrictEqual({
      items: [],
      lost: true,
    });
    expect(encodeCitations({ dialect: 'gemini', items: [1] })).toStrictEqual({ items: [], lost: true });
    const mixed = encodeCitations({ dialect: 'gemini', items: [1], sources: [paper, { url: 'https://a.example' }] });
    expect(mixed).toMatchObject({ items: [{ url: 'https://a.example' }], lost: true });
    expect(mixed.items).toHaveLength(1);
  });
});
