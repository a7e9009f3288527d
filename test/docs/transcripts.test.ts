import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DocsShell, startDocsShell } from './docs-proxy.ts';
import { allBlocks, blocksOf, nameOf } from './markdown.ts';
import { matches, normalize, startByCommand, stepsOf } from './transcript.ts';

const transcripts = allBlocks('console');
const starts = (text: string): boolean => text.startsWith('$ npm start\n');

describe('the comparison', () => {
  it('ignores ids and keys, and nothing else', () => {
    expect(matches('key sk-llmproxy-…', `key sk-llmproxy-${'a1'.repeat(20)}`)).toBe(true);
    expect(matches('{"created":1,"a":1}', '{"created":2,"a":1}')).toBe(true);
    expect(matches('{"created":1,"a":1}', '{"created":2,"a":2}')).toBe(false);
    expect(matches('first\n...\nlast', 'first\nx\ny\nlast')).toBe(true);
    expect(matches('first\n...\nlast', 'first\nx\ny')).toBe(false);
  });

  it('reads commands over several lines', () => {
    const [block] = blocksOf('x.md', '```console\n$ curl a \\\n  -d b\nanswer\n\nmore\n$ date\n```\n');
    expect(block === undefined ? [] : stepsOf(block)).toEqual([
      { command: 'curl a \\\n  -d b', expected: 'answer\n\nmore' },
      { command: 'date', expected: '' },
    ]);
  });
});

describe('transcripts of a first run', () => {
  const firstRuns = transcripts.filter((block) => starts(block.text));
  it('stand in the README', () => {
    expect(firstRuns.map((block) => block.file)).toContain('README.md');
  });

  it.each(firstRuns.map((block) => [nameOf(block), block] as const))(
    '%s is real',
    { timeout: 60_000 },
    async (_, block) => {
      const [first, ...rest] = stepsOf(block);
      const proxy = await startByCommand(first?.command ?? '', '"small_model"');
      onTestFinished(() => proxy.close());
      try {
        await expect.poll(() => matches(first?.expected ?? '', proxy.output()), { timeout: 5000 }).toBe(true);
      } catch {
        expect(normalize(proxy.output())).toBe(normalize(first?.expected ?? ''));
      }
      for (const step of rest) {
        const output = await proxy.run(step.command);
        if (!matches(step.expected, output)) expect(normalize(output)).toBe(normalize(step.expected));
      }
    },
  );
});

describe('transcripts against a running proxy', () => {
  let shell: DocsShell;
  beforeAll(async () => {
    shell = await startDocsShell();
  }, 60_000);
  afterAll(() => shell.close());

  const others = transcripts.filter((block) => !starts(block.text));
  it.each(others.map((block) => [nameOf(block), block] as const))('%s is real', async (_, block) => {
    const steps = stepsOf(block);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      const { output } = await shell.run(step.command);
      if (!matches(step.expected, output)) expect(normalize(output)).toBe(normalize(step.expected));
    }
  });
});
