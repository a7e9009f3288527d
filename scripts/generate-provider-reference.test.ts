import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { providers } from '../src/providers/index.ts';
import { defineProvider } from '../src/providers/provider.ts';
import { providerPage } from './generate-provider-reference.ts';

const page = new URL('../docs/reference/providers.md', import.meta.url);

it('is what the manifests say', () => {
  expect(readFileSync(page, 'utf8')).toBe(providerPage(providers));
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
