import { expect, test } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { Provenance } from '../pipeline/signatures/provenance.ts';
import { providers } from '../providers/index.ts';
import { createRoster } from './roster.ts';

test('answers are searched for signatures only where two makers could be mixed up', () => {
  const provenance = new Provenance([]);
  const accounts = { aliases: new Map(), excluded: new Map(), errorRules: new Map() };
  const roster = createRoster({ manifests: providers, forceModelPrefix: false, accounts, provenance });
  roster.put(credential('a', { provider: 'openai' }));
  const [target] = roster.router.route('gpt-5.1');
  if (target === undefined) throw new Error('nobody serves gpt-5.1');
  const isSearched = (): boolean => provenance.watch('openai-chat', ['encrypted_content'], target) !== undefined;
  expect(isSearched()).toBe(false);
  roster.put(credential('b', { provider: 'openai' }));
  roster.put(credential('c', { provider: 'groq' }));
  expect(isSearched()).toBe(true);
});

test('what spends credits serves nobody, unless that is allowed', () => {
  const accounts = { aliases: new Map(), excluded: new Map(), errorRules: new Map() };
  const common = { manifests: providers, forceModelPrefix: false, accounts, provenance: new Provenance([]) };
  const spending = credential('a', { provider: 'groq', spendsCredits: true });
  for (const spendsCredits of [true, false]) {
    const roster = createRoster({ ...common, spendsCredits });
    roster.put(spending);
    expect(roster.credentials.has('a')).toBe(spendsCredits);
  }
});
