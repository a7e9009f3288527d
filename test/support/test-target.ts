/** Credentials, providers and targets of no provider in particular. */
import type { Credential } from '../../src/credentials/credential.ts';
import { defineProvider, type Manifest } from '../../src/providers/provider.ts';
import type { Target } from '../../src/routing/target.ts';

/** A key that is obviously none. */
export function credential(id: string, changes: Partial<Credential> = {}): Credential {
  return {
    id,
    provider: 'test',
    kind: 'api-key',
    secret: `fake-secret-${id}`,
    label: `fake...${id}`,
    source: 'test',
    headers: {},
    priority: 0,
    weight: 1,
    excludedModels: [],
    ...changes,
  };
}

/** Speaks Chat, and serves no model by itself. */
export function provider(changes: Partial<Manifest> = {}): Manifest {
  return defineProvider({
    id: 'test',
    label: 'Test',
    kind: 'local',
    auth: [{ type: 'api-key', env: [], header: { type: 'bearer' } }],
    baseUrl: 'http://127.0.0.1:9',
    endpoints: [{ dialect: 'openai-chat', path: '/v1/chat/completions' }],
    models: [],
    ...changes,
  });
}

/** A target at an upstream. */
export function target(
  origin: string,
  id = 'c1',
  changes: Partial<Target> & { readonly manifest?: Partial<Manifest>; readonly account?: Partial<Credential> } = {},
): Target {
  const { manifest, account, ...rest } = changes;
  return {
    credential: credential(id, { baseUrl: origin, ...account }),
    provider: provider(manifest),
    model: 'm',
    info: undefined,
    forceMapping: false,
    ...rest,
  };
}
