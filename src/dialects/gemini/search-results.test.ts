import { expect, it } from 'vitest';
import { metadataTools } from './server-tools.ts';

const page = (uri: string, title?: string) => ({ web: { uri, ...(title === undefined ? {} : { title }) } });
const results = (...groundingChunks: object[]) =>
  metadataTools({
    groundingMetadata: { webSearchQueries: ['q'], groundingChunks: JSON.parse(JSON.stringify(groundingChunks)) },
  });

it('a page that is named twice is found once, under the first of its titles', () => {
  expect(
    results(page('https://a.test', 'A'), page('https://b.test'), page('https://a.test', 'Again'), page('')),
  ).toEqual([
    {
      type: 'server-tool',
      phase: 'whole',
      id: '',
      origin: 'gemini',
      tool: 'web-search',
      queries: ['q'],
      results: [{ url: 'https://a.test', title: 'A' }, { url: 'https://b.test' }],
    },
  ]);
});
