import { expect, it } from 'vitest';
import type { RegisteredModel } from './registered-model.ts';
import { createModelRegistry } from './registry.ts';

const model = (clientName: string, upstreamName = clientName): RegisteredModel => ({
  clientName,
  upstreamName,
  info: undefined,
  forceMapping: false,
});
const clients = (entries: readonly { clientId: string }[]): string[] => entries.map((entry) => entry.clientId);

it('finds every client of a name, in order, and forgets those that leave', () => {
  const registry = createModelRegistry();
  registry.registerClient('a', 'p', [model('m'), model('n')]);
  registry.registerClient('b', 'q', [model('m', 'upstream-m')]);
  expect(clients(registry.lookup('m'))).toEqual(['a', 'b']);
  expect(registry.lookup('m')[1]).toMatchObject({ providerId: 'q', model: { upstreamName: 'upstream-m' } });
  registry.unregisterClient('a');
  expect(clients(registry.lookup('m'))).toEqual(['b']);
  expect(registry.lookup('n')).toEqual([]);
  expect(registry.list().map((entry) => entry.clientName)).toEqual(['m']);
});

it('replaces what a client registered before', () => {
  const registry = createModelRegistry();
  registry.registerClient('a', 'p', [model('old')]);
  registry.registerClient('a', 'p', [model('new')]);
  expect(registry.list().map((entry) => entry.clientName)).toEqual(['new']);
});

it('offers each upstream model of an alias, the first one of all clients first', () => {
  const registry = createModelRegistry();
  const pool = [model('alias', 'one'), model('alias', 'two')];
  registry.registerClient('a', 'p', pool);
  registry.registerClient('b', 'p', pool);
  expect(registry.lookup('alias').map((entry) => `${entry.clientId}:${entry.model.upstreamName}`)).toEqual([
    'a:one',
    'b:one',
    'a:two',
    'b:two',
  ]);
  expect(registry.list()).toHaveLength(1);
});

it('keeps the same models of two providers apart', () => {
  const registry = createModelRegistry();
  const models = [model('m')];
  registry.registerClient('a', 'p', models);
  registry.registerClient('b', 'q', models);
  registry.unregisterClient('a');
  expect(registry.lookup('m')).toMatchObject([{ clientId: 'b', providerId: 'q' }]);
});

it('changes its version with every change only', () => {
  const registry = createModelRegistry();
  const start = registry.version;
  registry.registerClient('a', 'p', []);
  expect(registry.version).not.toBe(start);
  const after = registry.version;
  registry.unregisterClient('unknown');
  registry.lookup('m');
  expect(registry.version).toBe(after);
});

it('takes 2,000 clients with 100 models each in a moment', () => {
  const registry = createModelRegistry();
  const models = Array.from({ length: 100 }, (_, index) => model(`m${index}`));
  const start = performance.now();
  for (let index = 0; index < 2000; index++) {
    // Every other client has a list of its own, the worst case.
    registry.registerClient(`c${index}`, 'p', index % 2 === 0 ? models : [...models]);
  }
  expect(registry.lookup('m99')).toHaveLength(2000);
  for (let index = 0; index < 2000; index++) registry.unregisterClient(`c${index}`);
  expect(registry.list()).toEqual([]);
  expect(performance.now() - start).toBeLessThan(2000);
});
