/** Every provider's address, key header and model name, as a server at the configured endpoint sees them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import type { ApiKeyAuth, Manifest } from '../../src/providers/provider.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { createTestProxy } from '../support/test-proxy.ts';

const KEY = 'sk-fake-provider-key';

let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'hello' }));
});
afterAll(() => upstream.close());

/** Of those that are for accounts alone test/accounts knows the addresses. */
const remote = providers.filter(({ auth }) => auth.some((method) => method.type === 'api-key'));

/** The path of the manifest's own URL, under which a copy of the server is given. */
function ownPath(provider: Manifest): string {
  return new URL(provider.baseUrl).pathname.replace(/\/$/, '');
}

function modelOf(provider: Manifest): string {
  return provider.models[0]?.id ?? `${provider.id}/some-model`;
}

function expectedAuth(provider: Manifest): Record<string, string> {
  const auth = provider.auth.find((method): method is ApiKeyAuth => method.type === 'api-key');
  const header = auth?.foreignHeader ?? auth?.header;
  if (header === undefined) throw new Error(`${provider.id} takes no key`);
  return header.type === 'bearer' ? { authorization: `Bearer ${KEY}` } : { [header.name]: KEY };
}

/** What the upstream may be asked for: each endpoint's path, whole and streamed. */
function paths(provider: Manifest, prefix: string): string[] {
  return provider.endpoints.flatMap(({ path, streamPath }) =>
    [path, streamPath ?? path].map((each) => prefix + each.replace('{model}', encodeURIComponent(modelOf(provider)))),
  );
}

const suffixes = (provider: Manifest): string[] => {
  const own = ownPath(provider);
  const version = /^\/(v\d\w*)\//.exec(provider.endpoints[0]?.path ?? '')?.[1];
  return [own, `${own}/`, ...(version === undefined ? [] : [`${own}/${version}`, `${own}/${version}/`])];
};

describe.each(remote.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  test.each(suffixes(provider))('at an endpoint that ends in "%s"', async (suffix) => {
    const proxy = await createTestProxy(
      `api-keys: [${CLIENT_KEY}]\nproviders: { ${id}: { api-key: ${KEY}, endpoint: "${upstream.origin}${suffix}" } }`,
    );
    upstream.seen.length = 0;
    const model = modelOf(provider);
    const messages = [{ role: 'user', content: 'hi' }];
    for (const stream of [false, true]) {
      for (const [path, body] of [
        ['/v1/chat/completions', { messages }],
        ['/v1/responses', { input: 'hi' }],
        ['/v1/messages', { messages, max_tokens: 100 }],
      ] as const) {
        const answer = await proxy.post(path, { model, stream, ...body });
        const text = await answer.text();
        expect([path, answer.status, text.includes('"error":{')]).toEqual([path, 200, false]);
      }
    }
    await proxy.close();
    expect(upstream.seen).toHaveLength(6);
    const allowed = paths(provider, ownPath(provider));
    const wraps = provider.endpoints.some(({ envelope }) => envelope?.wrap !== undefined);
    for (const seen of upstream.seen) {
      expect(allowed).toContain(seen.path);
      // An envelope may know the model by the end of its name.
      expect(wraps ? model.endsWith(String(seen.model)) && seen.model !== '' : seen.model === model, seen.model).toBe(
        true,
      );
      expect(seen.headers).toMatchObject(expectedAuth(provider));
      expect(JSON.stringify(seen.headers)).not.toContain(CLIENT_KEY);
    }
  });
});
