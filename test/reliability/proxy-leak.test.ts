/** Whatever a credential with a proxy of its own does in a real process, it arrives from its proxy or not at all. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpExecutor } from '../../src/executors/http-executor.ts';
import { headProbe } from '../../src/service/health-watch.ts';
import { createDispatchers } from '../../src/upstream/client.ts';
import { ask, dialects } from '../faults/dialect-client.ts';
import { type IdentityServer, startIdentityServer } from '../support/identity-server.ts';
import { type PeerFront, startPeerFront } from '../support/peer-front.ts';
import { CLIENT_KEY, type ProxyProcess, startProxyProcess } from '../support/proxy-process.ts';
import { startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { makeSelfSigned } from '../support/self-signed.ts';
import { startHttpProxy, startSocksProxy, type TinyProxy, type TinyProxyOptions } from '../support/tiny-proxies.ts';
import { connectWs } from '../support/ws-client.ts';
import { startWsUpstream } from '../support/ws-upstream.ts';

/** The address that everything of a kind must come from. */
const kinds = { http: '127.0.0.11', https: '127.0.0.12', socks5: '127.0.0.13', socks5h: '127.0.0.14' } as const;
type Kind = keyof typeof kinds;
const names: readonly Kind[] = ['http', 'https', 'socks5', 'socks5h'];
const DIRECT = '127.0.0.1';
/** Of the proxy that the environment names for everybody. */
const FROM_ENVIRONMENT = '127.0.0.99';

const home = mkdtempSync(join(tmpdir(), 'llmproxy-leak-'));
const closing: (() => Promise<void>)[] = [];
const proxies = new Map<Kind, TinyProxy>();
let identity: IdentityServer;
/** What the servers see: of models, of sockets, of tokens, and of the credential that goes without a proxy. */
let models: PeerFront;
let sockets: PeerFront;
let tokens: PeerFront;
let direct: PeerFront;
let gateway: ProxyProcess;
/** Nothing listens there. */
let gone: TinyProxy;

async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

const certificate = makeSelfSigned(['127.0.0.1']);

function startProxy(kind: Kind, options: TinyProxyOptions = {}): Promise<TinyProxy> {
  const all = { from: kinds[kind], ...options };
  if (kind === 'socks5' || kind === 'socks5h') return startSocksProxy(all);
  return startHttpProxy(kind === 'https' ? { ...all, identity: certificate } : all);
}

/** Model names: `<dialect>-<way>`. */
function entriesOf(way: string, proxyUrl: string, server: PeerFront, ws: PeerFront): Record<string, string> {
  const key = `api-key: sk-fake-${way}, proxy-url: "${proxyUrl}"`;
  const model = (dialect: string): string => `models: [{ name: up, alias: ${dialect}-${way} }]`;
  const plain = `base-url: "${server.origin}"`;
  return {
    'openai-compatibility': `  - { name: chat-${way}, base-url: "${server.origin}/v1", api-key-entries: [{ ${key} }], ${model('openai-chat')} }`,
    'codex-api-key': `  - { ${key}, base-url: "${server.origin}/v1", ${model('openai-responses')} }
  - { ${key}, base-url: "${ws.origin}/v1", websockets: true, ${model('ws')} }`,
    'claude-api-key': `  - { ${key}, ${plain}, ${model('anthropic-messages')} }`,
    'gemini-api-key': `  - { ${key}, ${plain}, ${model('gemini')} }`,
  };
}

function configOf(entries: readonly Record<string, string>[]): string {
  const sections = ['openai-compatibility', 'codex-api-key', 'claude-api-key', 'gemini-api-key'];
  const lists = sections.map((name) => `${name}:\n${entries.map((entry) => entry[name]).join('\n')}`);
  return `
host: 127.0.0.1
port: 0
log-level: debug
request-retry: 0
disable-cooling: true
upstream-timeouts: { connect: 1, first-byte: 3 }
shutdown-timeout-seconds: 1
api-keys: ["${CLIENT_KEY}"]
${lists.join('\n')}
`;
}

const urlOf = (kind: Kind, { address }: TinyProxy): string => `${kind}://${address}`;

/** An account whose token must be renewed at once. */
function writeAccount(name: string, proxyUrl: string, base: string): void {
  const fields = {
    type: 'xai',
    email: `${name}@example.test`,
    access_token: `access-${name}-1`,
    refresh_token: `refresh-${name}-1`,
    expired: new Date(Date.now() + 60_000).toISOString(),
    token_endpoint: `${tokens.origin}/token`,
    base_url: base,
    proxy_url: proxyUrl,
    prefix: name,
  };
  writeFileSync(join(home, `.llmproxy/auths/xai-${name}.json`), JSON.stringify(fields), { mode: 0o600 });
}

const tokenOf = (name: string): unknown =>
  JSON.parse(readFileSync(join(home, `.llmproxy/auths/xai-${name}.json`), 'utf8')).access_token;

beforeAll(async () => {
  mkdirSync(join(home, '.llmproxy/auths'), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'ca.pem'), certificate.cert);
  identity = await opened(startIdentityServer());
  const upstream = await opened(startScriptedUpstream(() => ({ text: 'hello' })));
  const ws = await opened(startWsUpstream());
  [models, sockets, tokens, direct] = await Promise.all([
    opened(startPeerFront(upstream.origin)),
    opened(startPeerFront(ws.origin)),
    opened(startPeerFront(identity.url)),
    opened(startPeerFront(upstream.origin)),
  ]);
  for (const kind of names) proxies.set(kind, await opened(startProxy(kind)));
  const wide = await opened(startHttpProxy({ from: FROM_ENVIRONMENT }));
  gone = await startHttpProxy();
  await gone.close();
  const stuck = await Promise.all(names.map((kind) => opened(startProxy(kind, { stuck: true }))));
  const locked = await Promise.all(names.map((kind) => opened(startProxy(kind, { login: 'fake:other' }))));
  const failing = names.flatMap((kind, index): [string, string][] => [
    [`dead-${kind}`, `${kind}://${gone.address}`],
    [`stuck-${kind}`, urlOf(kind, stuck[index] ?? gone)],
    [`locked-${kind}`, urlOf(kind, locked[index] ?? gone)],
  ]);
  const working = [...proxies].map(([kind, proxy]): [string, string] => [kind, urlOf(kind, proxy)]);
  const entries = [...working, ...failing].map(([way, url]) => entriesOf(way, url, models, sockets));
  for (const [way, url] of [...working, ...failing]) writeAccount(way, url, `${models.origin}/v1`);
  writeAccount('direct', 'direct', `${direct.origin}/v1`);
  writeAccount('unreadable', 'ftp://127.0.0.1:21', `${models.origin}/v1`);
  const environment = `http://${wide.address}`;
  gateway = await opened(
    startProxyProcess(configOf([...entries, entriesOf('direct', 'direct', direct, direct)]), [], {
      home,
      env: {
        NODE_EXTRA_CA_CERTS: join(home, 'ca.pem'),
        HTTP_PROXY: environment,
        HTTPS_PROXY: environment,
        ALL_PROXY: environment,
        // Everything here is to go around proxies, says the environment.
        NO_PROXY: '*',
      },
    }),
  );
}, 60_000);

afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(() => {
  for (const front of [models, sockets, direct]) front.peers.length = 0;
});

/** Everything that a client can ask of a way: statuses by what was asked. */
async function askAll(way: string): Promise<Record<string, number>> {
  const asked: Record<string, number> = {};
  for (const upstream of dialects) {
    for (const client of dialects) {
      const stream = client === 'openai-chat' || client === upstream;
      const reply = await ask(gateway.origin, client, `${upstream}-${way}`, { stream });
      await reply.arrayBuffer();
      asked[`${client} to ${upstream}`] = reply.status;
    }
  }
  const headers = { 'content-type': 'application/json', 'x-api-key': CLIENT_KEY };
  const body = JSON.stringify({ model: `anthropic-messages-${way}`, messages: [{ role: 'user', content: 'hi' }] });
  const counted = await fetch(`${gateway.origin}/v1/messages/count_tokens`, { method: 'POST', headers, body });
  await counted.arrayBuffer();
  return asked;
}

async function askOverSocket(way: string): Promise<string> {
  const client = await connectWs(`${gateway.origin}/v1/responses`, CLIENT_KEY);
  client.send({
    type: 'response.create',
    model: `ws-${way}`,
    input: [{ type: 'message', role: 'user', content: 'hi' }],
  });
  const frames = await client.answer();
  client.socket.terminate();
  return frames.at(-1).type;
}

const from = (front: PeerFront): string[] => [...new Set(front.peers)];

describe.each(names)('a proxy by %s', (kind) => {
  it('carries every request, and nothing arrives from elsewhere', async () => {
    const statuses = await askAll(kind);
    expect(new Set(Object.values(statuses)), JSON.stringify(statuses)).toEqual(new Set([200]));
    expect(await askOverSocket(kind)).toBe('response.completed');
    expect(from(models)).toEqual([kinds[kind]]);
    expect(from(sockets)).toEqual([kinds[kind]]);
    expect(direct.peers).toEqual([]);
  });

  it('carries the renewal of its account', async () => {
    await expect.poll(() => tokenOf(kind), { timeout: 10_000 }).toBe(`access-${kind}-2`);
    expect(tokens.peers).toContain(kinds[kind]);
  });

  it.each(['dead', 'stuck', 'locked'])(
    'that is %s fails its credential, and nothing goes around it',
    { timeout: 90_000 },
    async (fault) => {
      const way = `${fault}-${kind}`;
      const replies = await Promise.all([
        ...dialects.map(
          async (upstream) => (await ask(gateway.origin, upstream, `${upstream}-${way}`, { stream: true })).status,
        ),
        ask(gateway.origin, 'openai-chat', `${way}/grok-4`).then(({ status }) => status),
      ]);
      for (const status of replies) expect(status).toBeGreaterThanOrEqual(400);
      expect(await askOverSocket(way)).toBe('error');
      expect({ models: models.peers, sockets: sockets.peers, direct: direct.peers }).toEqual({
        models: [],
        sockets: [],
        direct: [],
      });
    },
  );
});

// A process probes whom nobody has asked for half a minute; the probe is the same here. Its https proxy is trusted there.
it.each(names.filter((kind) => kind !== 'https'))(
  'a health probe goes through its proxy by %s, or fails',
  async (kind) => {
    const dispatchers = createDispatchers({ environment: { NO_PROXY: '*' }, connectTimeoutMs: 1000 });
    closing.push(() => dispatchers.destroy());
    const executor = new HttpExecutor({ dispatchers, firstByteTimeoutMs: 1000 });
    const probe = headProbe({ executor: () => executor, userAgent: 'test', isInside: () => false });
    const place = { provider: 'p', baseUrl: models.origin };
    const proxyUrl = urlOf(kind, proxies.get(kind) ?? gone);
    expect(await probe({ ...place, proxyUrl })).toBeUndefined();
    expect(models.peers).toEqual([kinds[kind]]);
    expect(await probe({ ...place, proxyUrl: urlOf(kind, gone) })).toContain('nothing listens at the proxy');
    expect(models.peers).toHaveLength(1);
  },
);

it('direct goes around every proxy', async () => {
  const statuses = await askAll('direct');
  expect(new Set(Object.values(statuses)), JSON.stringify(statuses)).toEqual(new Set([200]));
  expect(from(direct)).toEqual([DIRECT]);
  expect(models.peers).toEqual([]);
  await expect.poll(() => tokenOf('direct'), { timeout: 10_000 }).toBe('access-direct-2');
});

it('no token was renewed by another way, and an account with an unreadable proxy does nothing at all', async () => {
  expect([...new Set(tokens.peers)].toSorted()).toEqual([DIRECT, ...Object.values(kinds)].toSorted());
  // The one direct renewal is that of the account which says so.
  expect(tokens.peers.filter((peer) => peer === DIRECT)).toHaveLength(1);
  for (const kind of names)
    for (const fault of ['dead', 'stuck', 'locked'])
      expect(tokenOf(`${fault}-${kind}`)).toBe(`access-${fault}-${kind}-1`);
  expect(gateway.output()).toContain('its proxy_url is no http, https, socks5 or socks5h URL');
  const reply = await ask(gateway.origin, 'openai-chat', 'unreadable/grok-4');
  expect(reply.status).toBe(404);
  expect(models.peers).toEqual([]);
});
