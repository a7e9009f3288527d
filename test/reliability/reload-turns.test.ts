/** A configuration with thousands of credentials is reloaded in pieces that no request has to wait for. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReloadTurns } from './probed-reload.ts';

const CREDENTIALS = 2000;
const LIMIT_MS = 10;
/** The system counts a thread's time in ticks: a turn may be told so much longer than it was. */
const TICK_MS = 4;

const head = `
host: 127.0.0.1
max-retry-credentials: 1
request-retry: 0
log-level: info
`;
const numbers = Array.from({ length: CREDENTIALS }, (_, index) => index);

const configs: Readonly<Record<string, string>> = {
  'one section, each key with models of its own': `${head}
claude-api-key:
${numbers
  .map(
    (number) => `  - api-key: sk-fake-key-${number}
    base-url: http://127.0.0.1:PORT
    priority: ${number % 3}
    headers: { x-team: team-${number % 10} }
    models: [{ name: shared-model }, { name: claude-opus-4-8, alias: "opus-${number % 20}" }]`,
  )
  .join('\n')}
`,
  'one provider with all keys': `${head}
openai-compatibility:
  - name: servers
    base-url: http://127.0.0.1:PORT/v1
    models: [{ name: shared-model }]
    api-key-entries:
${numbers.map((number) => `      - { api-key: sk-fake-key-${number} }`).join('\n')}
`,
};

const answers: Readonly<Record<string, unknown>> = {
  '/v1/messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'shared-model',
    content: [{ type: 'text', text: 'hi' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  '/v1/chat/completions': {
    id: 'c1',
    object: 'chat.completion',
    created: 1,
    model: 'shared-model',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
};
const upstream = createServer((request, response) => {
  const answer = answers[(request.url ?? '').replace(/\?.*/, '')];
  request.resume().on('end', () => {
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
});
beforeAll(() => once(upstream.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => once(upstream.close(), 'close'));

// A machine that was taken away for a while counts that as time of the thread: tried again, all six reloads and requests
// must keep within the limit together. What is always too long fails each time.
const options = { timeout: 240_000, retry: 2 };

test.for(Object.entries(configs))('%s: no turn takes over 10 ms', options, async ([, config]) => {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-turns-'));
  try {
    const file = join(folder, 'config.yaml');
    // cast: it listens at a port
    const { port } = upstream.address() as AddressInfo;
    writeFileSync(file, config.replaceAll('PORT', String(port)), { mode: 0o600 });
    const child = fork(join(import.meta.dirname, 'probed-reload.ts'), [file], {
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: ['ignore', 'ignore', process.env['SHOW_TURNS'] === undefined ? 'ignore' : 'inherit', 'ipc'],
    });
    // cast: the only message of that process
    const [turns] = (await once(child, 'message')) as [ReloadTurns];
    if (process.env['SHOW_TURNS'] !== undefined) console.log(turns);
    expect(turns.answered).toBe(200);
    // It would be noticed: the same work at once takes many times as long.
    expect(turns.atOnce).toBeGreaterThan(5 * LIMIT_MS);
    expect(Math.max(...turns.reloads)).toBeLessThan(LIMIT_MS + TICK_MS);
    expect(Math.max(...turns.requests)).toBeLessThan(LIMIT_MS + TICK_MS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
