/** Codex with its built-in provider speaks WebSocket; against no upstream dialect must it fall back to HTTP. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CLIENT_KEY,
  fourDialectConfig,
  type ProxyProcess,
  startProxyProcess,
  upstreamModels,
} from '../../support/proxy-process.ts';
import { type RecordingFront, startRecordingFront } from '../../support/recording-front.ts';
import { type ScriptedUpstream, shellScript, startScriptedUpstream } from '../../support/scripted-upstream/index.ts';
import { codexBuiltIn, codexSocketProvider } from './recipes.ts';
import { runAgent } from './run-agent.ts';

let upstream: ScriptedUpstream;
let proxy: ProxyProcess;
let front: RecordingFront;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'unused' }));
  proxy = await startProxyProcess(fourDialectConfig(upstream.origin));
  front = await startRecordingFront(proxy.origin);
});

afterAll(async () => {
  await front?.close();
  await proxy?.close();
  await upstream?.close();
});

const runs = [
  ...Object.entries(upstreamModels).map((entry) => [codexBuiltIn.name, ...entry] as const),
  [codexSocketProvider.name, 'openai-chat', upstreamModels['openai-chat']] as const,
];

test.for(runs)(
  '%s writes a file through its shell tool over one WebSocket, upstream %s',
  async ([name, dialect, model]) => {
    const recipe = name === codexBuiltIn.name ? codexBuiltIn : codexSocketProvider;
    const home = mkdtempSync(join(tmpdir(), 'llmproxy-codex-'));
    const proof = join(home, 'proof.txt');
    upstream.seen.length = 0;
    front.requests.length = 0;
    upstream.script = shellScript(`echo made-by-codex > ${proof} && echo wrote-it`);
    try {
      const setting = { origin: front.origin, key: CLIENT_KEY, model, home, prompt: 'TOOLTEST run the command' };
      const run = await runAgent(recipe, setting, 150_000);
      expect(existsSync(proof), run.output).toBe(true);
      expect(readFileSync(proof, 'utf8').trim()).toBe('made-by-codex');
      expect(run.code, run.output).toBe(0);
      expect(run.output).toContain(`provider: ${recipe === codexBuiltIn ? 'openai' : 'llmproxy'}`);
      expect(run.output).toContain('done:');
      expect(front.requests).toEqual(['GET /v1/responses (upgrade)']);
      const turns = upstream.seen.filter((seen) => seen.dialect === dialect);
      expect(turns).toHaveLength(2);
      // The socket brought only what was new; the upstream got the whole conversation.
      expect(turns[1]?.toolResult).toContain('wrote-it');
      expect(JSON.stringify(turns[1]?.body)).toContain('TOOLTEST run the command');
      expect(turns[1]?.body).not.toHaveProperty('previous_response_id');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);
