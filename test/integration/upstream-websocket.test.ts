/** A client's Responses WebSocket that goes on over the upstream's own, over real sockets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, listen } from '../faults/gateway.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { startHttpProxy, startSocksProxy } from '../support/tiny-proxies.ts';
import { connectWs, textOf, type WsClient } from '../support/ws-client.ts';
import { answerEvents, startWsUpstream, type WsUpstream } from '../support/ws-upstream.ts';

let upstream: WsUpstream;
let gateway: { readonly origin: string; close(): Promise<void> };
let client: WsClient;

beforeEach(async () => {
  upstream = await startWsUpstream();
});

afterEach(async () => {
  client?.socket.terminate();
  await gateway?.close();
  await upstream.close();
});

const entry = (key: string, more = ''): string =>
  `  - { api-key: ${key}, base-url: "${upstream.origin}/v1", websockets: true, models: [{ name: up, alias: gw }]${more} }`;

async function open(entries: readonly string[] = [entry('sk-fake-one')]): Promise<void> {
  gateway = await listen(`host: 127.0.0.1
port: 0
log-level: silent
request-retry: 0
shutdown-timeout-seconds: 1
api-keys: ["${CLIENT_KEY}"]
codex-api-key:
${entries.join('\n')}
`);
  client = await connectWs(`${gateway.origin}/v1/responses`, CLIENT_KEY, { headers: { 'x-codex-window-id': 'w' } });
}

const user = (text: string) => ({ type: 'message', role: 'user', content: text });
const create = (input: unknown, more: object = {}) => ({
  type: 'response.create',
  model: 'gw',
  store: false,
  input,
  ...more,
});

async function ask(input: unknown, more: object = {}): Promise<{ readonly text: string; readonly id: string }> {
  client.send(create(input, more));
  const frames = await client.answer();
  expect(frames.at(-1)).toMatchObject({ type: 'response.completed' });
  return { text: textOf(frames), id: frames.at(-1).response.id };
}

describe('one session', () => {
  it('keeps one connection and sends only what is new', async () => {
    await open();
    const first = await ask([user('one')]);
    expect(first.text).toBe('over ws 0');
    const second = await ask([user('two')], { previous_response_id: first.id });
    expect(second.text).toBe('over ws 1');
    expect(upstream.seen.map(({ connection }) => connection)).toEqual([0, 0]);
    expect(upstream.seen[0]?.frame).toEqual({
      type: 'response.create',
      model: 'up',
      store: false,
      input: [user('one')],
    });
    expect(upstream.seen[1]?.frame).toEqual({
      type: 'response.create',
      model: 'up',
      store: false,
      input: [user('two')],
      previous_response_id: 'resp_0',
    });
    expect(upstream.posts).toEqual([]);
    expect(upstream.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-fake-one',
      'openai-beta': 'responses_websockets=2026-02-06',
      'x-codex-window-id': 'w',
    });
    expect(upstream.seen[0]?.headers['content-type']).toBeUndefined();
  });

  it('forwards a warm-up', async () => {
    await open();
    const warm = await ask([], { generate: false });
    expect(upstream.seen[0]?.frame).toMatchObject({ generate: false });
    await ask([user('go')], { previous_response_id: warm.id });
    expect(upstream.seen[1]?.frame).not.toHaveProperty('generate');
  });

  it('ends its connection with the client’s', async () => {
    await open();
    await ask([user('one')]);
    expect(upstream.open()).toBe(1);
    client.socket.close();
    await eventually(() => upstream.open() === 0, 2000);
  });

  it('gives lanes that run side by side a connection each', async () => {
    const usual = upstream.answer;
    upstream.answer = (seen, index) => setTimeout(usual, 50, seen, index);
    await open();
    client.send(create('a', { stream_id: 'a' }));
    client.send(create('b', { stream_id: 'b' }));
    await client.answer();
    await client.answer();
    expect(upstream.seen.map(({ connection }) => connection).sort()).toEqual([0, 1]);
  });

  it('goes to the same credential every time, whatever the strategy', async () => {
    await open([entry('sk-fake-one'), entry('sk-fake-two')]);
    let last = await ask([user('one')]);
    for (const text of ['two', 'three', 'four']) last = await ask([user(text)], { previous_response_id: last.id });
    expect(new Set(upstream.seen.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  it('passes news about the account on', async () => {
    upstream.answer = ({ socket }) => {
      socket.send(JSON.stringify({ type: 'codex.rate_limits', rate_limits: { primary: 1 } }));
      for (const event of answerEvents('resp_x', 'hi')) socket.send(JSON.stringify(event, null, 2));
    };
    await open();
    client.send(create('hi'));
    const frames = await client.answer();
    expect(frames[0]).toEqual({ type: 'codex.rate_limits', rate_limits: { primary: 1 } });
    expect(textOf(frames)).toBe('hi');
  });

  it('reads response.done as the end of an answer', async () => {
    upstream.answer = ({ socket }) => {
      for (const event of answerEvents('resp_x', 'hi')) {
        const type = event.type === 'response.completed' ? 'response.done' : event.type;
        socket.send(JSON.stringify({ ...event, type }));
      }
    };
    await open();
    expect((await ask('hi')).text).toBe('hi');
  });
});

describe('who gets no WebSocket upstream', () => {
  it('a request over HTTP', async () => {
    await open();
    const response = await fetch(`${gateway.origin}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}` },
      body: JSON.stringify({ model: 'gw', input: 'hi', stream: true }),
    });
    expect(await response.text()).toContain('over http');
    expect(upstream.seen).toEqual([]);
  });

  it('a credential that does not ask for it', async () => {
    await open([entry('sk-fake-one').replace('websockets: true', 'websockets: false')]);
    expect((await ask('hi')).text).toBe('over http');
  });

  it.each([426, 404, 200])(
    'an upstream that answers the handshake with %i: it is asked once, then over HTTP',
    async (status) => {
      let asked = 0;
      upstream.refuse = () => {
        asked++;
        return status;
      };
      await open();
      const warm = await ask([user('be brief')], { generate: false });
      const first = await ask([user('one')], { previous_response_id: warm.id });
      expect(first.text).toBe('over http');
      await ask([user('two')], { previous_response_id: first.id });
      expect(asked).toBe(1);
      expect(upstream.posts.map(({ input }) => input.length)).toEqual([2, 4]);
      expect(upstream.posts[1]).not.toHaveProperty('previous_response_id');
    },
  );
});

describe('failures', () => {
  it('a connection that ended between two requests is replaced, and the whole conversation sent', async () => {
    await open();
    const first = await ask([user('one')]);
    upstream.seen[0]?.socket.terminate();
    const second = await ask([user('two')], { previous_response_id: first.id });
    expect(second.text).toBe('over ws 1');
    expect(upstream.seen[1]?.connection).toBe(1);
    expect(upstream.seen[1]?.frame.input).toHaveLength(3);
    expect(upstream.seen[1]?.frame).not.toHaveProperty('previous_response_id');
  });

  it('a kept connection that ends as it is used again is replaced once', async () => {
    await open();
    const first = await ask([user('one')]);
    const usual = upstream.answer;
    upstream.answer = (seen, index) => (seen.connection === 0 ? seen.socket.terminate() : usual(seen, index));
    expect((await ask([user('two')], { previous_response_id: first.id })).text).toBe('over ws 2');
    upstream.answer = ({ socket }) => socket.terminate();
    client.send(create([user('three')]));
    expect(await client.next()).toMatchObject({ type: 'error', status: 502 });
    expect(upstream.seen).toHaveLength(5);
  });

  it.each(['websocket_connection_limit_reached', 'previous_response_not_found'])(
    '%s: asks again on a new connection',
    async (code) => {
      await open();
      const first = await ask([user('one')]);
      const usual = upstream.answer;
      upstream.answer = (seen, index) => {
        if (seen.connection === 0)
          seen.socket.send(JSON.stringify({ type: 'error', status: 400, error: { code, message: 'x' } }));
        else usual(seen, index);
      };
      expect((await ask([user('two')], { previous_response_id: first.id })).text).toBe('over ws 2');
      expect(upstream.seen[2]?.frame.input).toHaveLength(3);
    },
  );

  it('an error frame before the answer goes to the next credential', async () => {
    const usual = upstream.answer;
    upstream.answer = (seen, index) => {
      if (index > 0) return usual(seen, index);
      const error = { type: 'rate_limit_error', code: 'usage_limit_reached', message: 'enough' };
      seen.socket.send(JSON.stringify({ type: 'codex.rate_limits', rate_limits: {} }));
      seen.socket.send(JSON.stringify({ type: 'error', status_code: 429, body: { error }, headers: {} }));
    };
    await open([entry('sk-fake-one'), entry('sk-fake-two')]);
    expect((await ask('hi')).text).toBe('over ws 1');
    expect(new Set(upstream.seen.map(({ headers }) => headers.authorization)).size).toBe(2);
  });

  it('an error frame reaches the client when nobody else is left', async () => {
    upstream.answer = ({ socket }) =>
      socket.send(
        JSON.stringify({
          type: 'error',
          status: 400,
          error: { type: 'invalid_request_error', code: 'bad', message: 'no' },
        }),
      );
    await open();
    client.send(create('hi'));
    expect(await client.next()).toMatchObject({ type: 'error', status: 400, error: { code: 'bad', message: 'no' } });
  });

  it('a refused handshake goes to the next credential', async () => {
    upstream.refuse = ({ authorization }) => (authorization === 'Bearer sk-fake-one' ? 401 : 0);
    await open([entry('sk-fake-one', ', priority: 1'), entry('sk-fake-two')]);
    expect((await ask('hi')).text).toBe('over ws 0');
  });

  it('close code 1009 is a 413 and closes the client with 1009', async () => {
    upstream.answer = ({ socket }) => socket.close(1009, 'too big');
    await open();
    client.send(create('hi'));
    expect(await client.next()).toMatchObject({ type: 'error', status: 413, error: { code: 'message_too_big' } });
    expect((await client.closed).code).toBe(1009);
  });

  it('a connection that ends amid an answer breaks the answer', async () => {
    upstream.answer = ({ socket }) => {
      for (const event of answerEvents('resp_x', 'hi').slice(0, 2)) socket.send(JSON.stringify(event));
      setTimeout(() => socket.terminate(), 50);
    };
    await open();
    client.send(create('hi'));
    const frames = await client.answer();
    expect(textOf(frames)).toBe('hi');
    expect(frames.at(-1).type).toBe('response.failed');
  });

  it('a binary frame is no answer', async () => {
    upstream.answer = ({ socket }) => socket.send(Buffer.from('{}'));
    await open();
    client.send(create('hi'));
    expect(await client.next()).toMatchObject({ type: 'error', status: 502 });
  });

  it('an answer that the client no longer wants is ended upstream', async () => {
    upstream.answer = ({ socket }) => {
      for (const event of answerEvents('resp_x', 'hi').slice(0, 2)) socket.send(JSON.stringify(event));
    };
    await open();
    client.send(create('hi'));
    await client.next();
    client.socket.terminate();
    await eventually(() => upstream.open() === 0, 2000);
  });
});

describe('proxies', () => {
  it.each([
    ['http', startHttpProxy],
    ['socks5', startSocksProxy],
  ] as const)('takes the credential’s %s proxy', async (scheme, start) => {
    const proxy = await start({ login: 'me:secret' });
    try {
      await open([entry('sk-fake-one', `, proxy-url: "${scheme}://me:secret@${proxy.address}"`)]);
      expect((await ask('hi')).text).toBe('over ws 0');
      expect(proxy.tunnels.map(({ target }) => target)).toEqual([new URL(upstream.origin).host]);
    } finally {
      await proxy.close();
    }
  });

  it('does not go around a proxy that refuses', async () => {
    const proxy = await startHttpProxy({ login: 'me:secret' });
    try {
      await open([entry('sk-fake-one', `, proxy-url: "http://me:wrong@${proxy.address}"`)]);
      client.send(create('hi'));
      const error = await client.next();
      expect(error).toMatchObject({ type: 'error', status: 502 });
      expect(JSON.stringify(error)).not.toContain('wrong');
      expect(upstream.seen).toEqual([]);
    } finally {
      await proxy.close();
    }
  });
});
