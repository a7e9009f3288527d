/** A gateway inside the test's own process, reached through its `fetch` door. */
import { createProxy, parseConfig } from '../../src/index.ts';
import { CLIENT_KEY } from './proxy-process.ts';
import type { Wire } from './scripted-upstream/index.ts';

/** A gateway to send requests to. */
export interface TestProxy {
  post(path: string, body: Wire, headers?: Record<string, string>): Promise<Response>;
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/** Builds a gateway from a configuration text, with an empty environment. */
export async function createTestProxy(config: string): Promise<TestProxy> {
  const proxy = await createProxy({ config: parseConfig({ text: config }), env: {} });
  return {
    post(path, body, headers = {}) {
      const all = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}`, ...headers };
      return proxy.fetch(
        new Request(`http://localhost${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) }),
      );
    },
    fetch: (request) => proxy.fetch(request),
    close: () => proxy.close(),
  };
}
