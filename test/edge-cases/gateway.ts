/** A whole gateway in front of Claude servers that answer what a case wants. */
import type { IncomingHttpHeaders } from 'node:http';
import { startUpstream, type UpstreamHandler } from '../support/pipeline-harness.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import type { Wire } from '../support/scripted-upstream/index.ts';
import { createTestProxy } from '../support/test-proxy.ts';

/** A request that the upstream got. */
export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly text: string;
  readonly body: Wire;
}

/** What a client got. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; undefined where it is no JSON. */
  readonly body: Wire;
}

/** The gateway during one case. */
export interface Gateway {
  readonly seen: readonly Seen[];
  post(path: string, body: Wire, headers?: Record<string, string>): Promise<Got>;
}

/** How a gateway is configured. */
export interface GatewayOptions {
  /** Keys of the provider; `sk-up-1` alone when absent. */
  readonly keys?: readonly string[];
  /** Further lines of each key's entry. */
  readonly entry?: string;
  /** Further lines of the configuration. */
  readonly config?: string;
}

/** The least that Claude can be asked. */
export const claudeAsk: Wire = { model: 'up', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };

/** Runs a case against a gateway with `claude-api-key` entries that lead to this handler. */
export async function withGateway(
  handler: UpstreamHandler,
  run: (gateway: Gateway) => Promise<void>,
  { keys = ['sk-up-1'], entry = '    models: [{ name: up }, { name: other }]', config = '' }: GatewayOptions = {},
): Promise<void> {
  const upstream = await startUpstream(handler);
  const entries = keys.map((key) => `  - api-key: ${key}\n    base-url: ${upstream.origin}\n${entry}`);
  const proxy = await createTestProxy(
    `api-keys: ["${CLIENT_KEY}"]\nrequest-retry: 0\nlog-level: silent\n${config}\nclaude-api-key:\n${entries.join('\n')}\n`,
  );
  try {
    await run({
      get seen() {
        return upstream.requests.map(({ path, headers, body }) => ({ path, headers, text: body, body: parse(body) }));
      },
      async post(path, body, headers) {
        const answer = await proxy.post(path, body, headers);
        const text = await answer.text();
        return { status: answer.status, headers: answer.headers, text, body: parse(text) };
      },
    });
  } finally {
    await proxy.close();
    await upstream.close();
  }
}

function parse(text: string): Wire {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
