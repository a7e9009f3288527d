/** Gemini CLI takes the gateway for Google's Code Assist, and is served by providers of every dialect. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programFile, readImportFiles } from '../../../src/auth/import-files.ts';
import { geminiCliLogin } from '../../../src/providers/gemini-cli/import.ts';
import {
  CLIENT_KEY,
  fourDialectConfig,
  type ProxyProcess,
  startProxyProcess,
  upstreamModels,
} from '../../support/proxy-process.ts';
import { type ScriptedUpstream, shellScript, startScriptedUpstream } from '../../support/scripted-upstream/index.ts';
import { agentProgram } from '../install/agents.ts';
import type { AgentRecipe } from './recipes.ts';
import { runAgent } from './run-agent.ts';

const codeAssist: AgentRecipe = {
  name: 'gemini-code-assist',
  program: 'gemini',
  dialect: 'gemini',
  files: () => ({
    '.gemini/settings.json': JSON.stringify({
      security: { auth: { selectedType: 'oauth-personal' } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false },
    }),
  }),
  // The client key is what Gemini CLI sends instead of a token of Google's.
  env: ({ origin, key }) => ({
    GOOGLE_GENAI_USE_GCA: 'true',
    GOOGLE_CLOUD_ACCESS_TOKEN: key,
    CODE_ASSIST_ENDPOINT: origin,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }),
  args: ({ model, prompt }) => ['-p', prompt, '-m', model, '--yolo'],
};

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

test.for(Object.entries(upstreamModels))(
  'writes a file through its shell tool, upstream %s',
  async ([dialect, model]) => {
    const home = mkdtempSync(join(tmpdir(), 'llmproxy-agent-'));
    const proof = join(home, 'proof.txt');
    upstream.seen.length = 0;
    upstream.script = shellScript(`echo made-by-code-assist > ${proof} && echo wrote-it`);
    try {
      const setting = { origin: proxy.origin, key: CLIENT_KEY, model, home, prompt: 'TOOLTEST run the command' };
      const run = await runAgent(codeAssist, setting, 150_000);
      expect(existsSync(proof), run.output).toBe(true);
      expect(readFileSync(proof, 'utf8').trim()).toBe('made-by-code-assist');
      expect(run.code, run.output).toBe(0);
      expect(run.output).toContain('done:');
      const turns = upstream.seen.filter((seen) => seen.dialect === dialect);
      expect(turns.some((seen) => seen.toolResult?.includes('wrote-it'))).toBe(true);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);

test('its own code names the app that its login was given to', async () => {
  const bundle = join(dirname(agentProgram('gemini')), '../@google/gemini-cli/bundle/*.js');
  const words = geminiCliLogin.program?.words ?? '';
  const path = await programFile([bundle], words);
  expect(path).toBeDefined();
  const login = {
    path: '/home/ann/.gemini/oauth_creds.json',
    text: '{"refresh_token":"fake-refresh","expiry_date":0}',
  };
  const sent: URLSearchParams[] = [];
  const refuse: typeof fetch = async (_, init) => {
    sent.push(new URLSearchParams(String(init?.body)));
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  };
  const signal = AbortSignal.timeout(10_000);
  const io = { fetch: refuse, now: Date.now, signal, client: undefined, progress: () => {}, options: {} };
  const files = [login, ...(await readImportFiles(path === undefined ? [] : [path]))];
  await expect(geminiCliLogin.read(files, io)).rejects.toMatchObject({ code: 'upstream_unauthorized' });
  expect(sent[0]?.get('client_id')).toMatch(/^681255809395-\w+\.apps\.googleusercontent\.com$/);
  // Not shown, whatever it is.
  expect((sent[0]?.get('client_secret') ?? '').length).toBeGreaterThan(20);
});
