import { expect, test } from 'vitest';
import { clientSecrets, configuredClient } from './oauth-clients.ts';
import { configSchema } from './schema.ts';

const config = configSchema.parse({
  'oauth-clients': {
    antigravity: { secret: ' fake-secret-1 ' },
    'Gemini-CLI': { id: 'own-app', secret: 'fake-secret-2' },
    kimi: {},
  },
});

test('the app that the configuration names; what is empty is the provider’s own', () => {
  expect(configuredClient('antigravity', config, {})).toEqual({ secret: 'fake-secret-1' });
  expect(configuredClient('gemini-cli', config, {})).toEqual({ id: 'own-app', secret: 'fake-secret-2' });
  expect(configuredClient('kimi', config, {})).toBeUndefined();
  expect(configuredClient('claude', config, {})).toBeUndefined();
});

test('the environment comes first, member by member', () => {
  const env = {
    LLMPROXY_OAUTH_GEMINI_CLI_CLIENT_SECRET: ' fake-secret-3\n',
    LLMPROXY_OAUTH_CLAUDE_CLIENT_ID: 'x',
    LLMPROXY_OAUTH_KIMI_CLIENT_ID: ' ',
  };
  expect(configuredClient('gemini-cli', config, env)).toEqual({ id: 'own-app', secret: 'fake-secret-3' });
  expect(configuredClient('claude', config, env)).toEqual({ id: 'x' });
  expect(configuredClient('kimi', config, env)).toBeUndefined();
});

test('every secret can be masked, wherever it comes from', () => {
  const env = { LLMPROXY_OAUTH_IFLOW_CLIENT_SECRET: 'fake-secret-4' };
  expect(clientSecrets(config, ['iflow', 'antigravity'], env)).toEqual([
    'fake-secret-4',
    'fake-secret-1',
    'fake-secret-2',
  ]);
});

test('a secret that no header or form can carry is refused', () => {
  expect(() => configSchema.parse({ 'oauth-clients': { kimi: { secret: 'a\u2014b' } } })).toThrow('plain characters');
});
