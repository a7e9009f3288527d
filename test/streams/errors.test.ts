/** What a provider's failure becomes for the clients of every dialect. */
import { afterEach, describe, expect, test } from 'vitest';
import { ask, pairs, readError } from '../faults/dialect-client.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { upstreamModels } from '../support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

let gateway: Gateway;
afterEach(() => gateway?.close());

/** Each dialect's own words for a conversation that is too long. */
const tooLong: Readonly<Record<UpstreamDialect, Wire>> = {
  'openai-chat': {
    message: 'too long',
    type: 'invalid_request_error',
    param: 'messages',
    code: 'context_length_exceeded',
  },
  'openai-responses': {
    message: 'too long',
    type: 'invalid_request_error',
    param: 'input',
    code: 'context_length_exceeded',
  },
  'anthropic-messages': { type: 'invalid_request_error', message: 'prompt is too long: 9 tokens > 8 maximum' },
  gemini: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).',
  },
};

function body(dialect: UpstreamDialect, error: Wire): string {
  return JSON.stringify(dialect === 'anthropic-messages' ? { type: 'error', error } : { error });
}

const plain = (dialect: UpstreamDialect, status: number): string =>
  body(dialect, { message: `refused with ${status}`, type: 'some_type', code: status, status: 'UNKNOWN' });

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];

  test.for([400, 500])(
    'a conversation that is too long, told with %i: the words that its clients look for',
    async (status) => {
      gateway = await startGateway(() => ({ fault: 'status', status, body: body(upstream, tooLong[upstream]) }));
      const reply = await ask(gateway.origin, client, model, { stream: true });
      expect([reply.status, gateway.upstream.seen.length]).toEqual([400, 1]);
      const { error }: Wire = await reply.json();
      if (client === 'anthropic-messages') {
        expect(error).toMatchObject({
          type: 'invalid_request_error',
          message: expect.stringMatching(/^prompt is too long/),
        });
      } else if (client === 'gemini') expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
      else expect(error.code === 'context_length_exceeded' || client === upstream).toBe(true);
    },
  );

  test.for([
    ['in seconds', 7],
    ['as a date', 100],
  ] as const)('Retry-After %s is passed on', async ([form, seconds]) => {
    const header = form === 'as a date' ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds);
    gateway = await startGateway(
      () => ({ fault: 'status', status: 429, headers: { 'retry-after': header }, body: plain(upstream, 429) }),
      { credentials: 1 },
    );
    const reply = await ask(gateway.origin, client, model);
    expect(reply.status).toBe(429);
    const told = Number(reply.headers.get('retry-after'));
    expect(told).toBeLessThanOrEqual(seconds);
    expect(told).toBeGreaterThan(seconds === 7 ? 6 : 50);
  });

  test('a time to wait in the words is passed on', async () => {
    const error = { ...JSON.parse(plain(upstream, 429)).error, message: 'Please try again in 1m2.5s.' };
    gateway = await startGateway(() => ({ fault: 'status', status: 429, body: body(upstream, error) }), {
      credentials: 1,
    });
    const reply = await ask(gateway.origin, client, model);
    expect(reply.headers.get('retry-after')).toBe('63');
  });

  test.for([408, 409, 413, 422, 425, 502, 503, 504, 520, 522, 524, 529, 530])('%i keeps its status', async (status) => {
    gateway = await startGateway(() => ({ fault: 'status', status, body: plain(upstream, status) }), {
      credentials: 1,
    });
    const reply = await ask(gateway.origin, client, model);
    expect(reply.status).toBe(status);
    expect(readError(client, await reply.json())).toMatchObject({ shape: true, message: `refused with ${status}` });
  });

  test.for([
    [{ detail: [{ loc: ['body', 'x'], msg: 'is too large' }] }, 'body.x: is too large'],
    [{ error: 'only a text' }, 'only a text'],
    [[{ error: { message: 'in a list' } }], 'in a list'],
    [{ success: false, errors: [{ code: 7, message: 'of a gateway' }] }, 'of a gateway'],
  ] as const)('the message of a server of another make: %j', async ([told, message]) => {
    gateway = await startGateway(() => ({ fault: 'status', status: 422, body: JSON.stringify(told) }));
    const reply = await ask(gateway.origin, client, model, { stream: true });
    expect([reply.status, gateway.upstream.seen.length]).toEqual([422, 1]);
    expect(readError(client, await reply.json())).toMatchObject({ shape: true, message });
  });

  test("Google's time to wait, from whatever endpoint", async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }];
    const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'quota', details };
    gateway = await startGateway(() => ({ fault: 'status', status: 429, body: JSON.stringify([{ error }]) }));
    const reply = await ask(gateway.origin, client, model);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '35']);
  });

  test.for([
    [524, 524, 'did not answer in time'],
    [521, 521, 'is down'],
    [403, 502, 'page of HTML'],
  ] as const)("Cloudflare's page with %i", async ([status, told, words]) => {
    const headers = { 'content-type': 'text/html' };
    gateway = await startGateway(() => ({ fault: 'status', status, headers, body: '<html>secret page</html>' }));
    const reply = await ask(gateway.origin, client, model);
    expect(reply.status).toBe(told);
    const error = readError(client, await reply.json());
    expect(error).toMatchObject({ shape: true, message: expect.stringContaining(words) });
    expect(error.message).not.toContain('secret page');
    expect(gateway.upstream.seen).toHaveLength(2);
  });
});
