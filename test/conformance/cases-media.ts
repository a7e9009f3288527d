import { expect } from 'vitest';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import type { Case, Picture, Turn, View } from './model.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQKJSVFT0YK';
const pngUrl = `data:image/png;base64,${PNG}`;
const png: Picture = { base64: PNG, mediaType: 'image/png' };
const web = (name: string): Picture => ({ url: `https://example.com/${name}.png` });
const look = { name: 'look', description: 'Looks', schema: { type: 'object', properties: {} } };

/** An image in a result may follow it, where results are text only. */
const imagesAtEnd = (view: View): readonly string[] => {
  const last = view.turns.at(-1);
  return [...(last?.results.flatMap((result) => result.images) ?? []), ...(last?.images ?? [])];
};
const pdfsAtEnd = (view: View): readonly string[] => {
  const last = view.turns.at(-1);
  return [...(last?.results.flatMap((result) => result.pdfs) ?? []), ...(last?.pdfs ?? [])];
};
const called: readonly Turn[] = [
  { role: 'user', text: 'look' },
  { role: 'assistant', calls: [{ id: 'call_1', name: 'look', arguments: {} }] },
];

const vendorOf = (dialect: UpstreamDialect): string => (dialect.startsWith('openai') ? 'openai' : dialect);
/** Files are known only to the vendor that keeps them; Chat Completions takes ids of files, not of images. */
const FILE_IDS: Readonly<Record<UpstreamDialect, string>> = {
  'openai-chat': 'file-abc',
  'openai-responses': 'file-abc',
  'anthropic-messages': 'file_011abc',
  gemini: 'https://generativelanguage.googleapis.com/v1beta/files/abc',
};

function fileIdCases(): Case[] {
  return (Object.keys(FILE_IDS) as UpstreamDialect[]).flatMap((client): Case[] => {
    const id = FILE_IDS[client];
    const check =
      (of: 'images' | 'pdfs', knows: readonly UpstreamDialect[]): NonNullable<Case['seen']> =>
      (view, upstream, dropped) => {
        if (vendorOf(client) === vendorOf(upstream) && knows.includes(upstream)) {
          expect(view.turns[0]?.[of]).toEqual([id]);
          expect(dropped).toEqual([]);
        } else {
          expect(view.raw).not.toContain(id);
          expect(dropped).toHaveLength(1);
        }
      };
    const image: Case = {
      name: 'image by file id',
      clients: [client],
      ask: { turns: [{ role: 'user', text: 'look', images: [{ fileId: id }] }] },
      answer: { text: 'ok' },
      seen: check('images', ['openai-responses', 'anthropic-messages', 'gemini']),
    };
    const pdf: Case = {
      name: 'PDF by file id',
      clients: [client],
      ask: { turns: [{ role: 'user', text: 'read', pdfId: id }] },
      answer: { text: 'ok' },
      seen: check('pdfs', ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini']),
    };
    return client === 'openai-chat' ? [pdf] : [image, pdf];
  });
}

/** Images, documents and what lies between them. */
export const mediaCases: readonly Case[] = [
  {
    name: 'several images, base64 and by URL',
    ask: { turns: [{ role: 'user', text: 'compare', images: [png, web('a'), png, web('b')] }] },
    answer: { text: 'ok' },
    seen: (view) =>
      expect(view.turns[0]?.images).toEqual([pngUrl, 'https://example.com/a.png', pngUrl, 'https://example.com/b.png']),
  },
  {
    name: 'text, image, text in this order',
    ask: { turns: [{ role: 'user', text: 'before', images: [png], after: 'after' }] },
    answer: { text: 'ok' },
    seen: (view) => expect(view.turns[0]).toMatchObject({ kinds: ['text', 'image', 'text'], text: 'before\nafter' }),
  },
  {
    name: 'image and PDF in one message',
    ask: { turns: [{ role: 'user', text: 'both', images: [png], pdf: PDF, after: 'after' }] },
    answer: { text: 'ok' },
    seen: (view) =>
      expect(view.turns[0]).toMatchObject({ kinds: ['text', 'image', 'pdf', 'text'], images: [pngUrl], pdfs: [PDF] }),
  },
  {
    name: 'image in an earlier turn',
    ask: {
      turns: [
        { role: 'user', text: 'look', images: [png] },
        { role: 'assistant', text: 'seen' },
        { role: 'user', text: 'and?' },
      ],
    },
    answer: { text: 'ok' },
    seen: (view) => expect(view.turns[0]?.images).toEqual([pngUrl]),
  },
  {
    name: 'tool result with several images',
    ask: {
      turns: [...called, { role: 'tool', id: 'call_1', name: 'look', text: 'two', images: [png, web('a')] }],
      tools: [look],
    },
    answer: { text: 'ok' },
    seen(view) {
      expect(view.turns.at(-1)?.results[0]?.text).toContain('two');
      expect(imagesAtEnd(view)).toEqual([pngUrl, 'https://example.com/a.png']);
    },
  },
  {
    name: 'tool result with a PDF',
    ask: { turns: [...called, { role: 'tool', id: 'call_1', name: 'look', text: 'a page', pdf: PDF }], tools: [look] },
    answer: { text: 'ok' },
    seen(view) {
      expect(view.turns.at(-1)?.results[0]?.text).toContain('a page');
      expect(pdfsAtEnd(view)).toEqual([PDF]);
    },
  },
  {
    name: 'images in the results of parallel calls',
    ask: {
      turns: [
        { role: 'user', text: 'look twice' },
        {
          role: 'assistant',
          calls: [
            { id: 'call_1', name: 'look', arguments: {} },
            { id: 'call_2', name: 'look', arguments: {} },
          ],
        },
        { role: 'tool', id: 'call_1', name: 'look', text: 'first', images: [png] },
        { role: 'tool', id: 'call_2', name: 'look', text: 'second', images: [web('a')] },
      ],
      tools: [look],
    },
    answer: { text: 'ok' },
    seen(view) {
      expect(view.turns.at(-1)?.results).toHaveLength(2);
      expect(imagesAtEnd(view)).toEqual([pngUrl, 'https://example.com/a.png']);
    },
  },
  ...fileIdCases(),
];
