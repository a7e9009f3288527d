/** Upstreams as they are outside of tests: with TLS, and behind HTTP and SOCKS proxies. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask, readError } from '../faults/dialect-client.ts';
import { eventually } from '../faults/gateway.ts';
import {
  CLIENT_KEY,
  type ProxyProcess,
  type ProxyProcessOptions,
  startProxyProcess,
} from '../support/proxy-process.ts';
import { type Script, type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-upstream/index.ts';
import { makeSelfSigned } from '../support/self-signed.ts';
import { startHttpProxy, startSocksProxy, type TinyProxy } from '../support/tiny-proxies.ts';

const TEXT = 'An answer that came the whole way, in several pieces.';
// Characters that a URL must escape and that no pattern of a redactor takes whole.
const LOGIN = 'fake-user:fake proxy,pass/word@%1';
const WRONG = 'fake-user:wrong fake,pass/word@%2';
const inUrl = (login: string): string => login.split(':').map(encodeURIComponent).join(':');
const secrets = [LOGIN, WRONG].flatMap((login) => {
  const password = login.slice(login.indexOf(':') + 1);
  return [password, encodeURIComponent(password), Buffer.from(login).toString('base64')];
});
const root = resolve(import.meta.dirname, '../..');
const answering: Script = () => ({ text: TEXT });

function leaks(text: string): string[] {
  return secrets.filter((secret) => text.includes(secret));
}

const folder = mkdtempSync(join(tmpdir(), 'llmproxy-tls-'));
const certificates = join(folder, 'certificates.pem');
const closing: (() => Promise<void>)[] = [];

async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(started.close);
  return started;
}

/** What an entry of the configuration says of one model's way. */
interface Way {
  readonly base: string;
  readonly proxy?: string;
}

function configOf(ways: Readonly<Record<string, Way>>, more = ''): string {
  const entries = Object.entries(ways).map(
    ([model, { base, proxy }]) => `
  - name: way-${model}
    base-url: ${base}/v1
    api-key-entries: [{ api-key: sk-fake-upstream, proxy-url: ${JSON.stringify(proxy ?? '')} }]
    models: [{ name: ${model} }]`,
  );
  return `
host: 127.0.0.1
port: 0
request-retry: 0
disable-cooling: true
upstream-timeouts: { connect: 1 }
shutdown-timeout-seconds: 1
api-keys: ["${CLIENT_KEY}"]
${more}
openai-compatibility:${entries.join('')}
`;
}

function serve(
  ways: Readonly<Record<string, Way>>,
  { more, env, program = 'src/cli/main.ts' }: { more?: string } & ProxyProcessOptions = {},
): Promise<ProxyProcess> {
  const options = { program, env: { NODE_EXTRA_CA_CERTS: certificates, ...env } };
  return opened(startProxyProcess(configOf(ways, more), ['--log-level', 'trace'], options));
}

let upstream: ScriptedUpstream;
let plain: ScriptedUpstream;
let untrusted: ScriptedUpstream;
let openHttp: TinyProxy;
let lockedHttp: TinyProxy;
let tlsHttp: TinyProxy;
let openSocks: TinyProxy;
let lockedSocks: TinyProxy;
let stuckHttp: TinyProxy;
let stuckSocks: TinyProxy;
let foreignHttp: TinyProxy;
let dead: TinyProxy;
let main: ProxyProcess;
let global: ProxyProcess;
let fromEnvironment: ProxyProcess;
/** The https upstream by a name that only the proxies know. */
let named: string;

const forwarders = (): TinyProxy[] => [openHttp, lockedHttp, tlsHttp, openSocks, lockedSocks];

beforeAll(async () => {
  const identity = makeSelfSigned(['127.0.0.1', 'localhost', 'upstream.test']);
  const foreign = makeSelfSigned(['foreign.test']);
  writeFileSync(certificates, identity.cert + foreign.cert);
  [upstream, plain, untrusted] = await Promise.all([
    opened(startScriptedUpstream(answering, identity)),
    opened(startScriptedUpstream(answering)),
    opened(startScriptedUpstream(answering, makeSelfSigned())),
  ]);
  [openHttp, lockedHttp, tlsHttp, openSocks, lockedSocks, stuckHttp, stuckSocks, foreignHttp] = await Promise.all([
    opened(startHttpProxy()),
    opened(startHttpProxy({ login: LOGIN })),
    opened(startHttpProxy({ login: LOGIN, identity })),
    opened(startSocksProxy()),
    opened(startSocksProxy({ login: LOGIN })),
    opened(startHttpProxy({ stuck: true })),
    opened(startSocksProxy({ stuck: true })),
    opened(startHttpProxy({ identity: foreign })),
  ]);
  dead = await startHttpProxy();
  await dead.close();
  named = `https://upstream.test:${new URL(upstream.origin).port}`;
  const locked = `http://${inUrl(LOGIN)}@${lockedHttp.address}`;
  const wrong = inUrl(WRONG);
  const ways: Record<string, Way> = {
    direct: { base: upstream.origin },
    'http-proxy': { base: named, proxy: `http://${openHttp.address}` },
    'http-proxy-login': { base: named, proxy: locked },
    'https-proxy-login': { base: named, proxy: `https://${inUrl(LOGIN)}@${tlsHttp.address}` },
    socks5: { base: named, proxy: `socks5://${openSocks.address}` },
    // Its last percent sign is not escaped.
    'socks5-login': { base: named, proxy: `socks5://${inUrl(LOGIN).replace('%251', '%1')}@${lockedSocks.address}` },
    'socks5h-login': { base: named, proxy: `socks5h://${inUrl(LOGIN)}@${lockedSocks.address}` },
    'plain-http-proxy': { base: plain.origin, proxy: locked },
    'plain-socks5': { base: plain.origin, proxy: `socks5://${openSocks.address}` },
    untrusted: { base: untrusted.origin },
    'untrusted-http-proxy': { base: untrusted.origin, proxy: `http://${openHttp.address}` },
    'untrusted-socks5': { base: untrusted.origin, proxy: `socks5://${openSocks.address}` },
    'wrong-name': { base: named.replace('upstream', 'other'), proxy: `http://${openHttp.address}` },
    'foreign-proxy': { base: upstream.origin, proxy: `https://${foreignHttp.address}` },
    'dead-http': { base: upstream.origin, proxy: `http://${inUrl(LOGIN)}@${dead.address}` },
    'dead-socks': { base: upstream.origin, proxy: `socks5://${inUrl(LOGIN)}@${dead.address}` },
    'wrong-http': { base: upstream.origin, proxy: `http://${wrong}@${lockedHttp.address}` },
    'wrong-plain-http': { base: plain.origin, proxy: `http://${wrong}@${lockedHttp.address}` },
    'wrong-socks': { base: upstream.origin, proxy: `socks5h://${wrong}@${lockedSocks.address}` },
    'no-login-socks': { base: upstream.origin, proxy: `socks5h://${lockedSocks.address}` },
    'stuck-http': { base: upstream.origin, proxy: `http://${inUrl(LOGIN)}@${stuckHttp.address}` },
    'stuck-socks': { base: upstream.origin, proxy: `socks5://${stuckSocks.address}` },
    'gone-http': { base: 'https://127.0.0.1:1', proxy: `http://${openHttp.address}` },
    'gone-socks': { base: 'https://127.0.0.1:1', proxy: `socks5://${openSocks.address}` },
  };
  const around = { base: upstream.origin, proxy: 'direct' };
  const env = { HTTPS_PROXY: locked, HTTP_PROXY: ways['dead-http']?.proxy ?? '', NO_PROXY: 'example.com, localhost' };
  const excluded = { base: upstream.origin.replace('127.0.0.1', 'localhost') };
  [main, global, fromEnvironment] = await Promise.all([
    serve(ways),
    serve(
      { inherits: { base: named }, around, own: { base: named, proxy: `socks5://${openSocks.address}` } },
      {
        more: `proxy-url: "${locked}"`,
      },
    ),
    serve({ inherits: { base: named }, excluded, around, dead: { base: plain.origin } }, { env }),
  ]);
});

beforeEach(() => {
  for (const { tunnels } of forwarders()) tunnels.length = 0;
  for (const { seen } of [upstream, plain, untrusted]) seen.length = 0;
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** Where the connections of a call went: the proxy that saw them, with what it was told. */
function passed(): { proxy: TinyProxy; target: string; login: string | undefined }[] {
  return forwarders().flatMap((proxy) => proxy.tunnels.map(({ target, login }) => ({ proxy, target, login })));
}

async function expectAnswer(process: ProxyProcess, model: string): Promise<void> {
  const reply = await ask(process.origin, 'openai-chat', model);
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining(TEXT)]);
}

/** The text of an answer, whole or streamed. */
function textOf(reply: string): string {
  if (!reply.includes('data: ')) return reply;
  const pieces = reply.matchAll(/"(?:content|text)":"((?:[^"\\]|\\.)*)"/g);
  return [...pieces].map(([, piece]) => piece).join('');
}

const hostOf = (url: string): string => url.slice(url.indexOf('//') + 2);

describe.for([
  ['direct', undefined, undefined],
  ['http-proxy', () => openHttp, undefined],
  ['http-proxy-login', () => lockedHttp, LOGIN],
  ['https-proxy-login', () => tlsHttp, LOGIN],
  ['socks5', () => openSocks, undefined],
  ['socks5-login', () => lockedSocks, LOGIN],
  ['socks5h-login', () => lockedSocks, LOGIN],
  ['plain-http-proxy', () => lockedHttp, LOGIN],
  ['plain-socks5', () => openSocks, undefined],
] as const)('%s', ([model, proxyOf, login]) => {
  test('passes through and translates, whole and streamed', async () => {
    for (const client of ['openai-chat', 'anthropic-messages'] as const) {
      for (const stream of [false, true]) {
        const reply = await ask(main.origin, client, model, { stream });
        const text = await reply.text();
        expect([client, stream, reply.status, textOf(text)]).toEqual([
          client,
          stream,
          200,
          expect.stringContaining(TEXT),
        ]);
      }
    }
    const target = model.startsWith('plain') ? plain : upstream;
    expect(target.seen.map(({ stream }) => stream)).toEqual([false, true, false, true]);
    for (const { headers } of target.seen) expect(headers).not.toHaveProperty('proxy-authorization');
    const proxy = proxyOf?.();
    if (proxy === undefined) return expect(passed()).toEqual([]);
    const seen = passed();
    // Four calls, one connection; without a tunnel the proxy sees each call.
    expect(seen).toHaveLength(target === plain && proxy === lockedHttp ? 4 : 1);
    for (const tunnel of seen) expect(tunnel).toMatchObject({ proxy, login });
    if (target === plain) return;
    // The name is left to the proxy, whatever the scheme says, and it sees nothing but TLS.
    for (const { target: asked } of seen) expect(asked).toBe(hostOf(named));
    for (const { sent } of proxy.tunnels) {
      expect([...Buffer.concat(sent).subarray(0, 2)]).toEqual([0x16, 0x03]);
      expect(Buffer.concat(sent).includes('sk-fake-upstream')).toBe(false);
    }
  });
});

/** Model, status, what the error says, and the proxy that it names. */
const failures: readonly (readonly [string, number, RegExp, (() => TinyProxy) | undefined])[] = [
  ['untrusted', 502, /^the certificate of \S+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/, undefined],
  ['untrusted-http-proxy', 502, /^the certificate of .+ is not trusted/, () => openHttp],
  ['untrusted-socks5', 502, /^the certificate of .+ is not trusted/, () => openSocks],
  ['wrong-name', 502, /^the certificate of other\.test:\d+ .+ is for another host/, () => openHttp],
  ['foreign-proxy', 502, /^no connection to .+ \(UND_ERR_PRX_TLS\); check the proxy/, () => foreignHttp],
  ['dead-http', 502, /^nothing listens at the proxy/, () => dead],
  ['dead-socks', 502, /^nothing listens at the proxy/, () => dead],
  ['wrong-http', 502, /wants another user and password \(407\)/, () => lockedHttp],
  ['wrong-plain-http', 502, /wants another user and password \(407\)/, () => lockedHttp],
  ['wrong-socks', 502, /opened no connection to .+: Socks5 Authentication failed/, () => lockedSocks],
  ['no-login-socks', 502, /no accepted authentication type/, () => lockedSocks],
  ['stuck-http', 504, /^no connection to .+ in time/, () => stuckHttp],
  ['stuck-socks', 504, /^no connection to .+ in time/, () => stuckSocks],
  ['gone-http', 502, /refused the connection to 127\.0\.0\.1:1 \(502\)/, () => openHttp],
  ['gone-socks', 502, /opened no connection to 127\.0\.0\.1:1: .+ConnectionRefused/, () => openSocks],
];

describe('a failure is told and nothing goes around the proxy', () => {
  test.for(failures)('%s', async ([model, status, message, proxyOf]) => {
    // Those that wait for a time limit do so once.
    for (const stream of status === 504 ? [true] : [false, true]) {
      const reply = await ask(main.origin, 'anthropic-messages', model, { stream });
      const error = readError('anthropic-messages', await reply.json());
      expect([reply.status, error]).toEqual([status, expect.objectContaining({ shape: true })]);
      expect(error.message).toMatch(message);
      if (proxyOf !== undefined) expect(error.message).toContain(proxyOf().address);
      expect(leaks(error.message)).toEqual([]);
    }
    expect([...upstream.seen, ...plain.seen, ...untrusted.seen]).toEqual([]);
  });

  test('the logs say the same and hold no password', async () => {
    // The process writes them behind its answers.
    await vi.waitFor(() => {
      for (const [model] of failures) expect(main.output()).toContain(`"requestedModel":"${model}"`);
    }, 5_000);
    expect(main.output()).toContain('nothing listens at the proxy');
    expect(main.output()).not.toContain('fake-user');
    expect(leaks(main.output())).toEqual([]);
  });
});

describe('a proxy for all', () => {
  test('is taken by a credential that names none', async () => {
    await expectAnswer(global, 'inherits');
    expect(passed()).toEqual([{ proxy: lockedHttp, target: hostOf(named), login: LOGIN }]);
  });

  test('is left aside by one that says direct, or names its own', async () => {
    await expectAnswer(global, 'around');
    expect(passed()).toEqual([]);
    await expectAnswer(global, 'own');
    expect(passed()).toEqual([{ proxy: openSocks, target: hostOf(named), login: undefined }]);
  });
});

describe('the proxy of the environment', () => {
  test('is taken, but not to hosts in NO_PROXY or by a credential that says direct', async () => {
    await expectAnswer(fromEnvironment, 'inherits');
    expect(passed()).toEqual([{ proxy: lockedHttp, target: hostOf(named), login: LOGIN }]);
    await expectAnswer(fromEnvironment, 'excluded');
    await expectAnswer(fromEnvironment, 'around');
    expect(passed()).toHaveLength(1);
  });

  test('stays in the way when it is dead', async () => {
    const reply = await ask(fromEnvironment.origin, 'openai-chat', 'dead');
    expect([reply.status, await reply.text()]).toEqual([502, expect.stringContaining(dead.address)]);
    expect(plain.seen).toEqual([]);
    expect(leaks(fromEnvironment.output())).toEqual([]);
  });
});

test.for([
  ['http-proxy', () => openHttp],
  ['socks5', () => openSocks],
] as const)('%s: a client that leaves closes the tunnel', async ([model, proxyOf]) => {
  upstream.script = () => ({ fault: 'stall', after: 3, answer: { text: TEXT } });
  onTestFinished(() => {
    upstream.script = answering;
  });
  const controller = new AbortController();
  const reply = await ask(main.origin, 'openai-chat', model, { stream: true, signal: controller.signal });
  expect((await reply.body?.getReader().read())?.done).toBe(false);
  expect(upstream.seen[0]?.aborted).toBe(false);
  const held = proxyOf().held();
  controller.abort();
  await eventually(() => upstream.seen[0]?.aborted === true && proxyOf().held() === held - 1, 1000);
});

test('the bundle finds what it leaves outside: undici in parts and the SOCKS client', async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root });
  const proxy = `socks5h://${inUrl(LOGIN)}@${lockedSocks.address}`;
  const bundle = await serve(
    { socks: { base: named, proxy }, http: { base: named, proxy: `http://${openHttp.address}` } },
    { program: 'dist/cli/main.js' },
  );
  await expectAnswer(bundle, 'socks');
  await expectAnswer(bundle, 'http');
  expect(passed().map((tunnel) => tunnel.proxy)).toEqual([openHttp, lockedSocks]);
});
