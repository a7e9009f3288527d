/** A home directory for gateway processes that outlives them, and the traffic that tests send through them. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ask, ask, readText } from '../faults/dialect-client.ts';
import {
  CLIENT_KEY,
  type ProxyProcess,
  type ProxyProcessOptions,
  startProxyProcess,
} from '../support/proxy-process.ts';
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';

/** Settings without which a test would wait. */
export const quick: string = `host: 127.0.0.1
port: 0
log-level: warn
shutdown-timeout-seconds: 1
api-keys: ["${CLIENT_KEY}"]
`;

/** A home and the processes that live in it. */
export interface ServerHome {
  readonly path: string;
  /** Where account files lie. */
  readonly accounts: string;
  start(config: string, options?: ProxyProcessOptions): Promise<ProxyProcess>;
  /** Puts another file in place of the configuration, whole. */
  replaceConfig(config: string): void;
  writeAccount(name: string, fields: Record<string, unknown>): void;
  readAccount(name: string): Record<string, unknown>;
  /** Ends all processes and removes everything. */
  close(): Promise<void>;
}

/** An empty home. */
export function makeHome(): ServerHome {
  const path = mkdtempSync(join(tmpdir(), 'llmproxy-home-'));
  const accounts = join(path, '.llmproxy', 'auths');
  mkdirSync(accounts, { recursive: true, mode: 0o700 });
  const started: ProxyProcess[] = [];
  const replace = (file: string, text: string): void => {
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    path,
    accounts,
    async start(config, options) {
      const proxy = await startProxyProcess(config, [], { home: path, ...options });
      started.push(proxy);
      return proxy;
    },
    replaceConfig: (config) => replace(join(path, 'config.yaml'), config),
    writeAccount: (name, fields) => replace(join(accounts, name), JSON.stringify(fields)),
    readAccount: (name) => JSON.parse(readFileSync(join(accounts, name), 'utf8')),
    async close() {
      await Promise.all(started.map((proxy) => proxy.close()));
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** An account whose tokens the identity server knows by the name and a number. */
export function accountFields(
  name: string,
  { origin, tokenUrl, access = 1, refresh = 1, endsInMs = 3_600_000 }: AccountOptions,
): Record<string, unknown> {
  return {
    type: 'xai',
    email: `${name}@fake.example`,
    access_token: `access-${name}-${access}`,
    refresh_token: `refresh-${name}-${refresh}`,
    token_endpoint: tokenUrl,
    base_url: `${origin}/v1`,
    expired: new Date(Date.now() + endsInMs).toISOString(),
  };
}

/** What {@link accountFields} is made of. */
export interface AccountOptions {
  readonly origin: string;
  readonly tokenUrl: string;
  readonly access?: number;
  readonly refresh?: number;
  readonly endsInMs?: number;
}

/** A model of the accounts. */
export const ACCOUNT_MODEL = 'grok-4.5';

/** Requests that are sent all the time. */
export interface Load {
  readonly sent: number;
  /** What was not the expected answer. */
  readonly failures: readonly string[];
  /** Waits for the answers to everything that was sent. */
  stop(): Promise<void>;
}

/** What each request of a load is. */
export interface LoadRequest {
  readonly dialect: UpstreamDialect;
  readonly model: string;
  readonly ask?: Ask;
  /** A part of the right answer. */
  readonly expects: string;
}

/** On a machine that is too busy for the pace the load gets less instead of piling up. */
const MOST_UNDER_WAY = 60;

/** Sends so many requests a second, at an even pace. */
export function startLoad(origin: string, perSecond: number, next: (index: number) => LoadRequest): Load {
  const failures: string[] = [];
  const underWay = new Set<Promise<void>>();
  let credit = 0;
  let last = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    credit = Math.min(perSecond / 20, credit + ((now - last) / 1000) * perSecond);
    last = now;
    for (; credit >= 1 && underWay.size < MOST_UNDER_WAY; credit--, sent++) {
      const request = sendOne(origin, next(sent), failures).finally(() => underWay.delete(request));
      underWay.add(request);
    }
  }, 5);
  return {
    get sent() {
      return sent;
    },
    failures,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

async function sendOne(origin: string, request: LoadRequest, failures: string[]): Promise<void> {
  const { dialect, model, expects } = request;
  try {
    const reply = await ask(origin, dialect, model, request.ask);
    const text = await reply.text();
    const isWhole = request.ask?.stream !== true;
    const said = reply.status === 200 && isWhole ? readText(dialect, JSON.parse(text)) : text;
    if (reply.status !== 200 || !said.includes(expects)) failures.push(`${reply.status} ${text.slice(0, 300)}`);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    failures.push(`${error} ${cause}`);
  }
}
