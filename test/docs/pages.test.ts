import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientSnippets } from '../../src/cli/snippets.ts';
import { errorTable } from '../../src/errors.ts';
import { parseConfig } from '../../src/index.ts';
import { allBlocks, nameOf, pages, readPage, root } from './markdown.ts';

/** The anchor that a heading gets. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function brokenLinks(file: string): string[] {
  const text = readPage(file).replaceAll(/^```.*?^```$/gms, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^https?:/.test(target)) return [];
    const [path = '', fragment] = target.split('#');
    const page = path === '' ? file : normalize(join(dirname(file), path));
    if (!existsSync(join(root, page))) return [`${file}: ${target}`];
    if (fragment === undefined || !page.endsWith('.md')) return [];
    const anchors = [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading));
    return anchors.includes(fragment) ? [] : [`${file}: ${target}`];
  });
}

describe('pages', () => {
  it('link only to what exists', () => {
    expect(pages().length).toBeGreaterThan(12);
    expect(pages().flatMap(brokenLinks)).toEqual([]);
  });

  it('name no path of a developer machine', () => {
    expect(pages().filter((file) => /\/(root|home\/\w+|Users\/\w+|tmp|work)\//.test(readPage(file)))).toEqual([]);
  });

  it('list every error with its status', () => {
    const page = readPage('docs/guide/errors.md');
    const rows = Object.fromEntries(
      [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code = '', status]) => [code, Number(status)]),
    );
    expect(rows).toEqual(Object.fromEntries(Object.entries(errorTable).map(([code, row]) => [code, row.status])));
  });

  it('set clients up as the program itself says', () => {
    const page = readPage('docs/guide/clients.md');
    const facts = { url: 'http://127.0.0.1:8317', key: '$LLMPROXY_KEY', model: 'claude-sonnet-5' };
    const shown = (text: string): string =>
      text
        .replaceAll(`'$LLMPROXY_KEY'`, '"$LLMPROXY_KEY"')
        .replaceAll(/'([^']*)\$LLMPROXY_KEY'/g, '"$1$LLMPROXY_KEY"')
        .replaceAll('"apiKey": "$LLMPROXY_KEY"', '"apiKey": "{env:LLMPROXY_KEY}"');
    const missing = clientSnippets(facts).filter(({ text }) => !page.includes(shown(text)));
    expect(missing.map(({ title, text }) => `${title}\n${shown(text)}`)).toEqual([]);
  });
});

/** Keys that the README says do nothing yet, set to something that would. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  tls: 'tls: { enable: true }',
  'request-log': 'request-log: true',
  'logging-to-file': 'logging-to-file: true',
  'quota-exceeded': 'quota-exceeded: { switch-project: false }',
};

describe('configuration in the documentation', () => {
  it('names keys without effect in the README, and they still have none', () => {
    const [, sentence = ''] = /No effect yet: (.*?);/s.exec(readPage('README.md')) ?? [];
    const named = [...sentence.matchAll(/`([^`]+)`/g)].map(([, key]) => key);
    expect(named.toSorted()).toEqual(Object.keys(WITHOUT_EFFECT).toSorted());
    for (const text of Object.values(WITHOUT_EFFECT)) {
      expect(
        parseConfig({ text })
          .warnings.map((warning) => warning.message)
          .join(),
      ).toMatch(/no effect|not supported/);
    }
  });

  const blocks = allBlocks('yaml');
  it('is there', () => expect(blocks.length).toBeGreaterThan(8));

  it.each(blocks.map((block) => [nameOf(block), block] as const))('%s is accepted without a warning', (_, block) => {
    // The keys in the text are examples that the program refuses, as it should.
    const text = block.text.replaceAll(/\byour-/g, 'fake-');
    expect(parseConfig({ text, file: block.file }).warnings).toEqual([]);
  });
});

describe('source in the documentation', () => {
  const blocks = allBlocks('ts');
  it('is there', () => expect(blocks.length).toBeGreaterThan(2));

  it.each(blocks.map((block) => [nameOf(block), block] as const))('%s stands in the file it names', (_, block) => {
    const [, from] = /^from: (\S+)$/.exec(block.note) ?? [];
    expect(from).toMatch(/^(examples|src)\//);
    expect(readFileSync(join(root, from ?? ''), 'utf8')).toContain(block.text);
  });
});
