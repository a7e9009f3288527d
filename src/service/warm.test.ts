import { expect, test } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import { Provenance } from '../pipeline/signatures/provenance.ts';
import { providers } from '../providers/index.ts';
import type { Target } from '../routing/target.ts';
import { createRoster, type Roster } from './roster.ts';
import { warmSteps } from './warm.ts';

function rosterOf(...models: readonly string[]): Roster {
  const roster = createRoster({
    manifests: providers,
    forceModelPrefix: false,
    accounts: { aliases: new Map(), excluded: new Map(), errorRules: new Map() },
    provenance: new Provenance([]),
  });
  roster.put(credential('a', { provider: 'openai', models: models.map((name) => ({ name })) }));
  return roster;
}

test('models in use are looked up beforehand, those that nobody serves any more are passed over', () => {
  const [used, next] = [rosterOf('one', 'two', 'gone'), rosterOf('one', 'two', 'new')];
  for (const name of ['two', 'gone', 'one']) used.router.route(name);
  const prepared: (readonly Target[])[] = [];
  const steps = [...warmSteps(used, next, { prepare: (targets) => prepared.push(targets) })];
  expect(next.router.names()).toEqual(['two', 'one']);
  expect(prepared).toEqual([next.router.route('two'), [], next.router.route('one')]);
  expect(prepared[0]).toBe(next.router.route('two'));
  expect(steps.length).toBeGreaterThanOrEqual(3);
});
