import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { providers } from '../src/providers/index.ts';
import { defineProvider } from '../src/providers/provider.ts';
import { providerPage, providerPages } from './generate-provider-reference.ts';
import { providerGuide, providerList } from './provider-pages.ts';

const root = resolve(import.meta.dirname, '..');

it('is what the manifests say, like every page of a provider', () => {
  const pages = providerPages();
  expect([...pages.keys()].length).toBe(providers.length + 2);
  expect(globSync('docs/guide/providers/*.md', { cwd: root }).filter((file) => !pages.has(file))).toEqual([]);
  const outdated = [...pages].filter(([file, text]) => readFileSync(join(root, file), 'utf8') !== text);
  expect(outdated.map(([file]) => file)).toEqual([]);
});

it('shows what a user needs of a provider', () => {
  const acme = defineProvider({
    id: 'acme',
    label: 'Acme AI',
    kind: 'direct',
    auth: [{ type: 'api-key', env: ['ACME_API_KEY', 'ACME_KEY'], header: { type: 'bearer' } }],
    baseUrl: 'https://api.acme.example/v1',
    endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
    models: [{ id: 'acme-1' }, { id: 'acme-2' }],
  });
  const row = providerPage([acme])
    .split('\n')
    .find((line) => line.includes('Acme AI'));
  expect(row).toBe(
    '| `acme` | Acme AI | `ACME_API_KEY`, `ACME_KEY` | `providers.acme` | `openai-chat` | `https://api.acme.example/v1` | 2 |',
  );
});

it('gives each a page of its own: how to log in, where requests go, which models, its own words', () => {
  const acme = defineProvider({
    id: 'acme',
    label: 'Acme AI',
    kind: 'direct',
    auth: [{ type: 'api-key', env: ['ACME_KEY'], header: { type: 'bearer' } }],
    baseUrl: 'https://api.acme.example/v1',
    endpoints: [{ dialect: 'openai-chat', path: '/chat' }],
    models: [{ id: 'acme-1', contextLength: 200_000, reasoning: { levels: ['low', 'high'] } }],
    modelPrefixes: ['acme-'],
    account: {
      types: ['acme'],
      recordName: 'acme-<e-mail>.json',
      refreshLeadMs: 0,
      baseUrl: 'https://plan.acme.example',
      notices: ['Your own account.'],
      logins: [
        {
          type: 'browser',
          id: 'browser',
          label: 'with the browser',
          callback: { host: 'localhost', port: 4567, path: '/back', anyPort: true },
          begin: () => Promise.reject(new Error('not here')),
        },
        {
          type: 'secret',
          id: 'token',
          label: 'with a token',
          prompt: 'the token',
          asks: [{ name: 'region', label: 'Where it is', example: 'eu' }],
          finish: () => Promise.reject(new Error('not here')),
        },
      ],
      imports: [{ id: 'tool', label: 'Acme CLI', files: () => [], read: async () => [] }],
      listModels: async () => [],
    },
  });
  const page = providerGuide(acme, 'It is slow.\n');
  for (const words of [
    '# Acme AI\n',
    '> Your own account.',
    'llmproxy login acme\nllmproxy login acme --method token\n',
    '`http://localhost:4567/back`; `--port` chooses another one',
    '  - `--region eu`: Where it is',
    'llmproxy import acme\n',
    'Each account is a file `acme-<e-mail>.json`',
    'cannot be renewed',
    'Set `ACME_KEY`, or write it into config.yaml',
    '    api-key: your-acme-key',
    '## Good to know\n\nIt is slow.\n',
    '| API keys | `openai-chat` | `https://api.acme.example/v1/chat` |  |',
    '| accounts | `openai-chat` | `https://plan.acme.example/chat` |  |',
    'the provider is asked which models',
    '| `acme-1` | 200,000 |  | low, high |  |',
    'Other ids that begin with `acme-*` pass through. Any other model can be asked for as `acme/model`.',
  ]) {
    expect(page).toContain(words);
  }
  expect(providerList([acme])).toContain('| [Acme AI](acme.md) | `acme` | yes | with the browser; with a token |');
  const { account } = acme;
  const noticed = (notice: string): string =>
    providerList([{ ...acme, ...(account && { account: { ...account, notices: [notice] } }) }]);
  expect(noticed('Acme closed it in May.')).toContain('| closed by the vendor: with the browser;');
  expect(noticed('It refuses accounts of individuals.')).toContain('| not for individuals: with the browser;');
});
