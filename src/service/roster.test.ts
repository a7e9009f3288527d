import { expect, test } from 'vitest';
import type { Credential } from '../credentials/credential.ts';
import { Provenance } from '../pipeline/signatures/provenance.ts';
import { providers } from '../providers/index.ts';
import { createRoster } from './roster.ts';

function credential(id: string, provider: string): Credential {
  return {
    id,
    provider,
    kind: 'api-key',
    secret: 'sk-fake-not-a-key',
    label: id,
    source: 'test',
    headers: {},
    priority: 0,
    weight: 1,
    excludedModels: [],
  };
}

test('answers are searched for signatures only where two makers could be mixed up', () => {
  const provenance = new Provenance([]);
  const accounts = { aliases: new Map(), excluded: new Map(), errorRules: new Map() };
  const roster = createRoster({ manifests: providers, forceModelPrefix: false, accounts, provenance });
  roster.put(credential('a', 'openai'));
  const [target] = roster.router.route('gpt-5.1');
  if (target === undefined) throw new Error('nobody serves gpt-5.1');
  const isSearched = (): boolean => provenance.watch('openai-chat', ['encrypted_content'], target) !== undefined;
  expect(isSearched()).toBe(false);
  roster.put(credential('b', 'openai'));
  roster.put(credential('c', 'groq'));
  expect(isSearched()).toBe(true);
});
