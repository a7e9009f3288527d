/** The bundle finds the thread that counts tokens. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startProxyProcess } from '../support/proxy-process.ts';

const root = resolve(import.meta.dirname, '../..');

test('an estimate out of the bundle', { timeout: 60_000 }, async () => {
  // A folder of its own: others build `dist` at the same time.
  const folder = mkdtempSync(join(root, 'dist-test-'));
  try {
    execFileSync(process.execPath, [join(root, 'scripts/build.ts'), folder], { cwd: root });
    const program = relative(root, join(folder, 'cli/main.js'));
    const proxy = await startProxyProcess('host: 127.0.0.1\nport: 0\n', [], { program });
    const body = { model: 'echo', messages: [{ role: 'user', content: 'The quick brown fox.' }] };
    const answer = await fetch(`${proxy.origin}/v1/messages/count_tokens`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(answer.headers.get('x-llmproxy-estimate')).toBe('tokenizer');
    expect(await answer.json()).toEqual({ input_tokens: 9 });
    await proxy.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
