import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { providers } from './index.ts';

const SRC = join(import.meta.dirname, '..');

/** Words that mean something else in these places. */
const OTHER_MEANINGS: Readonly<Record<string, RegExp>> = {
  // The dialect, and the doors and error shapes of its clients.
  gemini: /^(dialects|server)\/|^ir\/extensions\.ts$/,
  // What its service speaks, and nobody else.
  kiro: /^dialects\/kiro\//,
  // A field of OpenAI's legacy completions.
  echo: /^dialects\/openai-completions\//,
};

/** Every quoted string of the file that equals a provider's id, as `file:line`. */
function idLiterals(file: string, text: string): string[] {
  const ids = providers.map((provider) => provider.id).filter((id) => OTHER_MEANINGS[id]?.test(file) !== true);
  const literal = new RegExp(`(['"\`])(?:${ids.join('|')})\\1`);
  return text
    .split('\n')
    .flatMap((line, index) => (literal.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}

it('finds a literal when there is one', () => {
  expect(idLiterals('pipeline/x.ts', "a;\nif (id === 'codex') b();")).toEqual([
    "pipeline/x.ts:2: if (id === 'codex') b();",
  ]);
  expect(idLiterals('dialects/gemini/index.ts', "id: 'gemini'")).toEqual([]);
});

it('keeps provider ids out of everything but src/providers', () => {
  const files = globSync('**/*.ts', { cwd: SRC }).filter(
    (file) => !file.startsWith('providers/') && !file.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => idLiterals(file, readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
});
