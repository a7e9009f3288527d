import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const REPO = join(import.meta.dirname, '..');
let root: string;

// Inside the checkout, so that vitest and the compiler find node_modules; .cache is ignored by git.
beforeAll(() => {
  mkdirSync(join(REPO, '.cache'), { recursive: true });
  root = mkdtempSync(join(REPO, '.cache', 'new-provider-'));
  cpSync(join(REPO, 'src'), join(root, 'src'), { recursive: true });
  cpSync(join(REPO, 'package.json'), join(root, 'package.json'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function scaffold(...args: string[]): { status: number | null; output: string } {
  const result = spawnSync(process.execPath, [join(REPO, 'scripts/new-provider.ts'), ...args, '--root', root], {
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

it('creates a provider that type-checks and passes the tests of the list', { timeout: 120_000 }, () => {
  const made = scaffold('acme-ai', '--label', "Acme's AI", '--base-url', 'https://api.acme.example/v1/');
  expect(made).toMatchObject({ status: 0 });
  expect(
    scaffold('acme-claude', '--label', 'Acme Claude', '--base-url', 'https://api.acme.example', '--dialect', 'gemini'),
  ).toMatchObject({ status: 0 });
  const index = readFileSync(join(root, 'src/providers/index.ts'), 'utf8');
  expect(index).toContain("import { acmeAi } from './acme-ai/index.ts';");
  expect(index).toContain('  acmeAi,\n  acmeClaude,\n  echo,\n];');

  const config = { extends: join(REPO, 'tsconfig.json'), include: ['src/providers'], exclude: ['**/*.test.ts'] };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(config));
  const bin = (name: string): string => join(REPO, 'node_modules/.bin', name);
  execFileSync(bin('tsc'), ['-p', join(root, 'tsconfig.json')], { encoding: 'utf8' });
  const walk = execFileSync(
    bin('vitest'),
    [
      'run',
      '--root',
      root,
      '--config',
      join(REPO, 'vitest.config.ts'),
      'src/providers/providers.test.ts',
      '--reporter',
      'verbose',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(walk).toContain('acme-ai');
});

it.each(['index.ts', 'acme-ai/index.ts', 'acme-ai/models.ts'])('writes %s as the formatter wants it', (file) => {
  const text = readFileSync(join(root, 'src/providers', file), 'utf8');
  const biome = join(REPO, 'node_modules/.bin/biome');
  const result = execFileSync(biome, ['check', `--stdin-file-path=src/providers/${file}`, '--write'], {
    input: text,
    cwd: REPO,
    encoding: 'utf8',
  });
  expect(result).toBe(text);
});

it.each([
  [['x'], 'usage'],
  [['Not_Kebab', '--label', 'X', '--base-url', 'https://x.example'], 'kebab-case'],
  [['groq', '--label', 'X', '--base-url', 'https://x.example'], 'exists already'],
  [['fresh', '--label', 'X', '--base-url', 'nowhere'], 'not a URL'],
  [['fresh', '--label', 'X', '--base-url', 'https://x.example', '--dialect', 'soap'], 'openai-chat'],
])('refuses %j', (args, message) => {
  const result = scaffold(...args);
  expect(result.status).toBe(2);
  expect(result.output).toContain(message);
});
