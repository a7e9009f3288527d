/** An upstream that fails before its answer: the same status, its own message, and the client's form, asked for JSON or a stream. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import { type ScriptedUpstream, startScriptedUpstream, type Wire } from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { clients } from './drivers.ts';
import { errorBody, errorName, errorRows } from './errors.ts';
import { dialects } from './model.ts';

let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'unused' }));
  // The errors would cool the credentials down, and be tried again.
  proxy = await createTestProxy(`${fourDialectConfig(upstream.origin)}\ndisable-cooling: true\nrequest-retry: 0\n`);
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

const MESSAGE = 'The scripted model says "no"';

describe.for(clients)('$dialect client', ({ dialect, build }) => {
  describe.for(dialects)('%s upstream', (target) => {
    test.for(errorRows)('$status', async ({ status, told }) => {
      const body = JSON.stringify(errorBody(target, status, MESSAGE));
      upstream.script = () => ({ fault: 'status', status, body, headers: { 'retry-after': '7' } });
      for (const stream of [false, true]) {
        const request = build({ turns: [{ role: 'user', text: 'hi' }] }, upstreamModels[target], stream);
        const response = await proxy.post(request.path, request.body);
        expect(response.status).toBe(status);
        expect(response.headers.get('content-type')).toContain('application/json');
        expect(response.headers.get('retry-after')).toBe('7');
        const answer: Wire = await response.json();
        expect(answer.error.message).toBe(MESSAGE);
        // Its own clients get an upstream's error as it is.
        if (dialect !== target) expect(errorName(dialect, answer)).toBe(told[dialect]);
        if (dialect === 'anthropic-messages') expect(answer.type).toBe('error');
        if (dialect === 'gemini') expect(answer.error.code).toBe(status);
      }
    });
  });
});
