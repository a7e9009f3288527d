/** A gateway that listens on a real port in the test's process, in front of a scripted upstream. */
import { createProxy, parseConfig } from '../../src/index.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import {
  type Script,
  type ScriptedUpstream,
  type SeenRequest,
  startScriptedUpstream,
} from '../support/scripted-upstream/index.ts';

/** A gateway and its upstream. */
export interface Gateway {
  readonly origin: string;
  readonly upstream: ScriptedUpstream;
  /** Provider keys of the requests that reached the upstream, in order: `one` or `two`. */
  keys(): string[];
  close(): Promise<void>;
}

/** What a test changes. */
export interface GatewayOptions {
  /** How many credentials each upstream dialect has; 2 by default, named `one` and `two`. */
  readonly credentials?: 1 | 2;
  /** Further lines of the configuration. */
  readonly config?: string;
}

const names = ['one', 'two'] as const;

/** One model per upstream dialect (`upstreamModels`), each served by the given number of credentials. */
export async function startGateway(script: Script, options: GatewayOptions = {}): Promise<Gateway> {
  const upstream = await startScriptedUpstream(script);
  const gateway = await listen(twoKeyConfig(upstream.origin, options));
  return {
    origin: gateway.origin,
    upstream,
    keys: () => upstream.seen.map(keyOf),
    async close() {
      await gateway.close();
      await upstream.close();
    },
  };
}

/** Starts a gateway with this configuration text and an empty environment. */
export async function listen(text: string): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const proxy = await createProxy({ config: parseConfig({ text }), env: {} });
  const { url } = await proxy.listen();
  return { origin: url, close: () => proxy.close() };
}

/** Settings without which a test would wait: no further rounds, short grace at the end, no log. */
const quick = `
host: 127.0.0.1
port: 0
log-level: silent
shutdown-timeout-seconds: 1
api-keys: ["${CLIENT_KEY}"]
`;

/** The configuration of {@link startGateway}. */
export function twoKeyConfig(
  origin: string,
  { credentials = 2, config = 'request-retry: 0' }: GatewayOptions = {},
): string {
  const used = names.slice(0, credentials);
  const entries = (path: string, model: string): string =>
    used
      .map(
        (name) =>
          `  - { api-key: sk-fake-upstream-${name}, base-url: "${origin}${path}", models: [{ name: ${model} }] }`,
      )
      .join('\n');
  return `${quick}${config}
openai-compatibility:
  - name: scripted
    base-url: ${origin}/v1
    api-key-entries: [${used.map((name) => `{ api-key: sk-fake-upstream-${name} }`).join(', ')}]
    models: [{ name: up-chat }]
codex-api-key:
${entries('/v1', 'up-responses')}
claude-api-key:
${entries('', 'up-claude')}
gemini-api-key:
${entries('', 'up-gemini')}
`;
}

/** Which credential a request was sent with. */
export function keyOf({ headers }: SeenRequest): string {
  const sent = String(headers['authorization'] ?? headers['x-api-key'] ?? headers['x-goog-api-key'] ?? '');
  return sent.replace(/^Bearer /, '').replace('sk-fake-upstream-', '');
}

/** Waits until something holds; fails loudly when it never does. */
export async function eventually(holds: () => boolean, withinMs: number): Promise<number> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > withinMs) throw new Error(`did not happen within ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 5));
  }
  return performance.now() - start;
}
