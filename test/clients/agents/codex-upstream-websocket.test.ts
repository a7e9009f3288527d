/** Codex's WebSocket goes on over the upstream's own: warm-up, then only what is new. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLIENT_KEY, startProxyProcess } from '../../support/proxy-process.ts';
import { answerEvents, type SeenFrame, startWsUpstream } from '../../support/ws-upstream.ts';
import { codexBuiltIn } from './recipes.ts';
import { runAgent } from './run-agent.ts';

/** Nothing for a warm-up, then one call of the shell tool, then a text. */
function answer({ frame, socket }: SeenFrame, index: number, command: string): void {
  const events = answerEvents(`resp_${index}`, 'all done');
  const [created, , , completed] = events;
  const call = {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'exec_command',
    arguments: JSON.stringify({ cmd: command }),
    status: 'completed',
  };
  const hasResult = frame.input.some((item: { readonly type: string }) => item.type === 'function_call_output');
  const said = frame.generate === false ? [] : hasResult ? completed.response.output : [call];
  const items = said.map((item: unknown) => ({ type: 'response.output_item.done', output_index: 0, item }));
  const end = { ...completed, response: { ...completed.response, output: said } };
  for (const event of [created, ...items, end]) socket.send(JSON.stringify(event));
}

test('every request of a session is one frame on one connection upstream', async () => {
  const home = mkdtempSync(join(tmpdir(), 'llmproxy-codex-'));
  const proof = join(home, 'proof.txt');
  const upstream = await startWsUpstream();
  upstream.answer = (seen, index) => answer(seen, index, `echo made > ${proof}`);
  const proxy = await startProxyProcess(`
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
codex-api-key:
  - { api-key: sk-up-fake, base-url: "${upstream.origin}/v1", websockets: true, models: [{ name: up, alias: gw }] }
`);
  try {
    const setting = { origin: proxy.origin, key: CLIENT_KEY, model: 'gw', home, prompt: 'run the command' };
    const run = await runAgent(codexBuiltIn, setting, 150_000);
    expect(run.code, run.output).toBe(0);
    expect(existsSync(proof), run.output).toBe(true);
    expect(run.output).toContain('all done');
    expect(upstream.posts).toEqual([]);
    const seen = upstream.seen.map(({ connection, frame }) => [connection, frame.model, frame.previous_response_id]);
    expect(seen).toEqual([
      [0, 'up', undefined],
      [0, 'up', 'resp_0'],
      [0, 'up', 'resp_1'],
    ]);
    expect(upstream.seen[0]?.frame.generate).toBe(false);
    expect(upstream.seen[2]?.frame.input).toHaveLength(1);
  } finally {
    await proxy.close();
    await upstream.close();
    rmSync(home, { recursive: true, force: true });
  }
});
