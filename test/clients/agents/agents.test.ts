/** Real coding agents do a real tool call through a real proxy process, against every upstream dialect. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CLIENT_KEY,
  fourDialectConfig,
  type ProxyProcess,
  startProxyProcess,
  upstreamModels,
} from '../../support/proxy-process.ts';
import { type ScriptedUpstream, shellScript, startScriptedUpstream } from '../../support/scripted-upstream/index.ts';
import { recipes } from './recipes.ts';
import { runAgent } from './run-agent.ts';

let upstream: ScriptedUpstream;
let proxy: ProxyProcess;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'unused' }));
  proxy = await startProxyProcess(fourDialectConfig(upstream.origin));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

describe.for(recipes)('$name', (recipe) => {
  test.for(Object.entries(upstreamModels))(
    'writes a file through its shell tool, upstream %s',
    async ([dialect, model]) => {
      const home = mkdtempSync(join(tmpdir(), 'llmproxy-agent-'));
      const proof = join(home, 'proof.txt');
      upstream.seen.length = 0;
      upstream.script = shellScript(`echo made-by-${recipe.name} > ${proof} && echo wrote-it`);
      try {
        const setting = { origin: proxy.origin, key: CLIENT_KEY, model, home, prompt: 'TOOLTEST run the command' };
        const run = await runAgent(recipe, setting, 150_000);
        expect(existsSync(proof), run.output).toBe(true);
        expect(readFileSync(proof, 'utf8').trim()).toBe(`made-by-${recipe.name}`);
        expect(run.code, run.output).toBe(0);
        expect(run.output).toContain('done:');
        const turns = upstream.seen.filter((seen) => seen.dialect === dialect);
        expect(turns.some((seen) => seen.toolResult?.includes('wrote-it'))).toBe(true);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  );
});
