import { describe, expect, it } from 'vitest';
import type { Credential } from '../credentials/credential.ts';
import { ProxyError } from '../errors.ts';
import { clientModels } from '../models/alias.ts';
import { createCatalog } from '../models/catalog.ts';
import { createModelRegistry } from '../models/registry.ts';
import { providers } from '../providers/index.ts';
import { createRouter, type Router } from './route.ts';

const catalog = createCatalog(providers);

function setUp(changes: readonly (Partial<Credential> & Pick<Credential, 'id' | 'provider'>)[], force = false) {
  const registry = createModelRegistry();
  const credentialsById = new Map<string, Credential>();
  const add = (change: Partial<Credential> & Pick<Credential, 'id' | 'provider'>): void => {
    const credential: Credential = {
      kind: 'api-key',
      secret: 'sk-fake-not-a-key',
      label: 'sk-f...key',
      source: 'test',
      headers: {},
      priority: 0,
      weight: 1,
      excludedModels: [],
      ...change,
    };
    credentialsById.set(credential.id, credential);
    const manifest = providers.find((provider) => provider.id === credential.provider);
    if (manifest === undefined) throw new Error(`no provider ${credential.provider}`);
    const models = clientModels(credential, manifest, { catalog, forceModelPrefix: force });
    registry.registerClient(credential.id, credential.provider, models);
  };
  for (const change of changes) add(change);
  const router = createRouter({ registry, credentialsById, manifests: providers, catalog, forceModelPrefix: force });
  return { router, registry, credentialsById, add };
}

/** `credential upstream-model` of every target. */
function routed(router: Router, name: string): string[] {
  return router.route(name).map((target) => `${target.credential.id} ${target.model}`);
}

function failure(router: Router, name: string): ProxyError {
  try {
    router.route(name);
  } catch (error) {
    if (error instanceof ProxyError) return error;
  }
  throw new Error(`${name} was routed`);
}

describe('route', () => {
  it('finds a listed model at every credential that has it', () => {
    const { router } = setUp([
      { id: 'a', provider: 'openai' },
      { id: 'b', provider: 'openai' },
      { id: 'c', provider: 'groq' },
    ]);
    expect(routed(router, 'gpt-5')).toEqual(['a gpt-5', 'b gpt-5']);
    expect(router.route('gpt-5')[0]).toMatchObject({ provider: { id: 'openai' }, info: { contextLength: 400_000 } });
  });

  it('reads a reasoning suffix, but an exact name wins', () => {
    const { router } = setUp([{ id: 'a', provider: 'groq', models: [{ name: 'odd(high)' }, { name: 'odd' }] }]);
    expect(routed(router, 'odd(high)')).toEqual(['a odd(high)']);
    expect(routed(router, 'odd(low)')).toEqual(['a odd']);
    expect(router.route('odd(low)')[0]?.reasoning).toEqual({ effort: 'low' });
    for (const name of ['odd(high)', 'odd']) expect(router.route(name)[0]?.reasoning).toBeUndefined();
  });

  it('refuses parentheses that mean nothing behind a known name', () => {
    const { router } = setUp([{ id: 'a', provider: 'groq', models: [{ name: 'odd (beta)' }, { name: 'odd' }] }]);
    expect(routed(router, 'odd (beta)')).toEqual(['a odd (beta)']);
    expect(routed(router, 'odd (beta)(low)')).toEqual(['a odd (beta)']);
    for (const name of ['odd(nonsense)', 'auto(nonsense)', 'odd (beta)(x)', 'odd()'])
      expect(failure(router, name)).toMatchObject({ code: 'invalid_request', status: 400, path: 'model' });
    expect(failure(router, 'odd(nonsense)').message).toBe(
      'model: "(nonsense)" says nothing of reasoning; in parentheses: none, minimal, low, medium, high, xhigh, max, auto, or a number of tokens',
    );
  });

  it('leaves parentheses in a name that only the provider may know', () => {
    const { router } = setUp([{ id: 'a', provider: 'openai' }]);
    expect(routed(router, 'openai/new-thing(beta)')).toEqual(['a new-thing(beta)']);
    expect(routed(router, 'gpt-99(beta)')).toEqual(['a gpt-99(beta)']);
    expect(failure(router, 'openai/gpt-5(beta)').code).toBe('invalid_request');
    expect(failure(router, 'nobodys(beta)').code).toBe('model_not_found');
  });

  it('translates an alias and keeps force-mapping', () => {
    const { router } = setUp([
      { id: 'a', provider: 'groq', models: [{ name: 'openai/gpt-oss-120b', alias: 'oss', forceMapping: true }] },
    ]);
    expect(router.route('oss')[0]).toMatchObject({ model: 'openai/gpt-oss-120b', forceMapping: true });
    expect(failure(router, 'openai/gpt-oss-120b').code).toBe('model_not_found');
  });

  it('lets prefix/model choose a credential, also for unknown models', () => {
    const { router } = setUp([
      { id: 'a', provider: 'openai', prefix: 'work' },
      { id: 'b', provider: 'openai' },
      { id: 'c', provider: 'openai', prefix: 'work', models: [{ name: 'only-this' }] },
    ]);
    expect(routed(router, 'work/gpt-5')).toEqual(['a gpt-5']);
    expect(routed(router, 'gpt-5')).toEqual(['a gpt-5', 'b gpt-5']);
    expect(routed(router, 'work/brand-new')).toEqual(['a brand-new']);
    expect(routed(router, 'work/only-this')).toEqual(['c only-this']);
  });

  it('lets provider/model choose a provider, listed or unknown, with suffix', () => {
    const { router } = setUp([
      { id: 'a', provider: 'claude' },
      { id: 'b', provider: 'groq', excludedModels: ['*secret*'] },
    ]);
    expect(routed(router, 'groq/openai/gpt-oss-20b')).toEqual(['b openai/gpt-oss-20b']);
    expect(routed(router, 'groq/whatever-9(high)')).toEqual(['b whatever-9']);
    expect(failure(router, 'groq/secret-model').status).toBe(404);
    expect(failure(router, 'openai/gpt-5').status).toBe(404);
  });

  it('passes unknown members of a known family to its provider', () => {
    const { router } = setUp([
      { id: 'a', provider: 'claude' },
      { id: 'b', provider: 'openai' },
      { id: 'c', provider: 'codex', models: [{ name: 'gpt-5.5' }] },
    ]);
    expect(routed(router, 'claude-opus-9')).toEqual(['a claude-opus-9']);
    expect(routed(router, 'gpt-9')).toEqual(['b gpt-9']);
    expect(router.route('claude-haiku-4-5')[0]?.info?.id).toBe('claude-haiku-4-5-20251001');
  });

  it('hides plain names of prefixed credentials when the prefix is forced', () => {
    const { router } = setUp([{ id: 'a', provider: 'claude', prefix: 'team' }], true);
    expect(routed(router, 'team/claude-opus-5')).toEqual(['a claude-opus-5']);
    expect(failure(router, 'claude-opus-5').code).toBe('model_not_found');
    expect(failure(router, 'claude-opus-9').code).toBe('model_not_found');
  });

  it('takes what there is for auto', () => {
    const { router } = setUp([{ id: 'a', provider: 'echo' }]);
    expect(routed(router, 'auto')).toEqual(['a echo']);
    expect(routed(router, 'auto(high)')).toEqual(['a echo']);
    expect(failure(setUp([]).router, 'auto').code).toBe('model_not_found');
  });
});

describe('an unknown model', () => {
  it('is a 404 that names up to three similar models', () => {
    const { router } = setUp([{ id: 'a', provider: 'mistral' }]);
    const error = failure(router, 'mistrel-large-latest');
    expect(error).toMatchObject({ code: 'model_not_found', status: 404, scope: 'request' });
    expect(error.message).toMatch(
      /^model "mistrel-large-latest" is not available; similar: mistral-large-latest(, [^,]+){0,2}$/,
    );
  });

  it('says where to look when there is nothing similar', () => {
    const { router } = setUp([{ id: 'a', provider: 'mistral' }]);
    expect(failure(router, 'zzz').message).toBe('model "zzz" is not available; GET /v1/models lists those that are');
  });

  it('says which key is missing when only that is', () => {
    const { router } = setUp([{ id: 'a', provider: 'echo' }]);
    expect(failure(router, 'gpt-5').message).toContain('set OPENAI_API_KEY');
    expect(failure(router, 'kilo/x').message).toContain('set KILO_API_KEY');
  });

  it('does not ask for a key that is there: the model is excluded', () => {
    const { router } = setUp([{ id: 'a', provider: 'gemini', excludedModels: ['*-pro*'] }]);
    expect(failure(router, 'gemini-2.5-pro').message).not.toContain('GEMINI_API_KEY');
    expect(failure(router, 'gemini/gemini-2.5-pro').message).not.toContain('GEMINI_API_KEY');
  });

  it('does not repeat a name of any length', () => {
    expect(failure(setUp([]).router, 'x'.repeat(100_000)).message.length).toBeLessThan(400);
  });
});

describe('the cache', () => {
  it('makes only the target of a renewed credential anew', () => {
    const { router, add } = setUp([
      { id: 'a', provider: 'openai' },
      { id: 'b', provider: 'openai' },
    ]);
    const [a, b] = router.route('gpt-5');
    add({ id: 'b', provider: 'openai', secret: 'sk-fake-renewed' });
    expect(router.route('gpt-5')[0]).toBe(a);
    expect(router.route('gpt-5')[1]).not.toBe(b);
    expect(router.route('gpt-5')[1]?.credential.secret).toBe('sk-fake-renewed');
  });

  it('returns the same array until the registry changes', () => {
    const { router, add, registry, credentialsById } = setUp([{ id: 'a', provider: 'openai' }]);
    const first = router.route('gpt-5');
    expect(router.route('gpt-5')).toBe(first);
    add({ id: 'b', provider: 'openai' });
    expect(routed(router, 'gpt-5')).toEqual(['a gpt-5', 'b gpt-5']);
    registry.unregisterClient('a');
    credentialsById.delete('a');
    expect(routed(router, 'gpt-5')).toEqual(['b gpt-5']);
  });
});
