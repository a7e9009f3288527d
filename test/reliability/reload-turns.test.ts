/** A configuration with thousands of credentials is reloaded in pieces that no request has to wait for. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReloadTurns } from './probed-reload.ts';

const CREDENTIALS = 2000;
const LIMIT_MS = 10;

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
    base-url: http://127.0.0.1:9
    priority: ${number % 3}
    headers: { x-team: team-${number % 10} }
    models: [{ name: shared-model }, { name: claude-opus-4-8, alias: "opus-${number % 20}" }]`,
  )
  .join('\n')}
`,
  'one provider with all keys': `${head}
openai-compatibility:
  - name: servers
    base-url: http://127.0.0.1:9/v1
    models: [{ name: shared-model }]
    api-key-entries:
${numbers.map((number) => `      - { api-key: sk-fake-key-${number} }`).join('\n')}
`,
};

test.for(Object.entries(configs))('%s: no turn takes over 10 ms', { timeout: 240_000 }, async ([, config]) => {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-turns-'));
  try {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, config, { mode: 0o600 });
    const child = fork(join(import.meta.dirname, 'probed-reload.ts'), [file], {
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: ['ignore', 'ignore', process.env['SHOW_TURNS'] === undefined ? 'ignore' : 'inherit', 'ipc'],
    });
    // cast: the only message of that process
    const [turns] = (await once(child, 'message')) as [ReloadTurns];
    if (process.env['SHOW_TURNS'] !== undefined) console.log(turns);
    // It would be noticed: the same work at once takes many times as long.
    expect(turns.atOnce).toBeGreaterThan(5 * LIMIT_MS);
    // The collector may strike once; it does not strike the same work every time.
    expect(turns.reloads.toSorted((a, b) => a - b)[1]).toBeLessThan(LIMIT_MS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
