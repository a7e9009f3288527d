/** Claude Code and Codex log in at simulated vendors; what they write is taken over as it lies there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AccountImport, NewAccount } from '../../../src/auth/login.ts';
import { account as claude } from '../../../src/providers/claude/account.ts';
import { account as codex } from '../../../src/providers/codex/account.ts';
import { createAnthropicVendor } from '../../support/vendors/anthropic.ts';
import { type Internet, startInternet } from '../../support/vendors/internet.ts';
import { createOpenAiVendor } from '../../support/vendors/openai.ts';
import type { Vendor } from '../../support/vendors/vendor.ts';
import { agentProgram } from '../install/agents.ts';

const LIMIT_MS = 90_000;
let home: string;
let children: ChildProcess[];
let internets: Internet[];

beforeEach(async () => {
  // Codex refuses a home under /tmp.
  home = await mkdtemp(join(homedir(), '.llmproxy-agent-'));
  children = [];
  internets = [];
});
afterEach(async () => {
  for (const { pid } of children) if (pid !== undefined) endGroup(pid);
  for (const internet of internets) await internet.close();
  rmSync(home, { recursive: true, force: true });
});

test('Codex, with a device code', { timeout: LIMIT_MS }, async () => {
  const vendor = createOpenAiVendor();
  const internet = await online(vendor);
  const run = start('codex', ['login', '--device-auth'], internet);
  vendor.approveDevice?.(await run.prints(/([0-9A-F]{4}-[0-9A-F]{5})/), 'ann');
  expect(await run.code, run.output()).toBe(0);
  expect(vendor.complaints).toEqual([]);

  const [taken, ...others] = await takeOver(codex.imports?.[0], internet);
  expect(others).toEqual([]);
  expect(taken).toMatchObject({
    recordId: 'codex-92d987bb-ann@example.test-plus.json',
    label: 'ann@example.test',
    fields: { type: 'codex', email: 'ann@example.test', account_id: 'fake-workspace-of-ann' },
  });
  const io = { fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(LIMIT_MS) };
  expect(await codex.quota?.(taken?.fields ?? {}, io)).toHaveLength(2);
  expect(await codex.refresh?.(taken?.fields ?? {}, io)).toMatchObject({
    refresh_token: expect.stringContaining('ann'),
  });
  expect(vendor.complaints).toEqual([]);
});

test('Codex, with an API key', { timeout: LIMIT_MS }, async () => {
  const internet = await online(createOpenAiVendor());
  const run = start('codex', ['login', '--with-api-key'], internet, 'sk-fake-0123456789\n');
  expect(await run.code, run.output()).toBe(0);
  expect(await takeOver(codex.imports?.[0], internet)).toMatchObject([
    {
      label: 'OpenAI API key of Codex',
      fields: { type: 'codex', auth_kind: 'api_key', api_key: 'sk-fake-0123456789' },
    },
  ]);
});

test('Claude Code, with the browser', { timeout: LIMIT_MS }, async () => {
  const vendor = createAnthropicVendor();
  const internet = await online(vendor);
  // It prints a short address; the browser gets the whole one.
  const opened = join(home, 'opened');
  const browser = join(home, 'browser.sh');
  writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`, {
    mode: 0o755,
  });
  const run = start('claude', ['auth', 'login'], internet, undefined, { BROWSER: browser });
  await expect.poll(() => existsSync(opened), { timeout: LIMIT_MS / 2 }).toBe(true);
  const back = await vendor.approve?.(readFileSync(opened, 'utf8'), 'ann');
  await fetch(back ?? '', { redirect: 'manual' });
  expect(await run.code, run.output()).toBe(0);

  const [taken, ...others] = await takeOver(claude.imports?.[0], internet);
  expect(others).toEqual([]);
  expect(taken).toMatchObject({
    recordId: 'claude-ann@example.test.json',
    label: 'ann@example.test',
    fields: { type: 'claude', email: 'ann@example.test', organization_uuid: 'fake-organization-ann' },
  });
  const io = { fetch: internet.fetch, nowMs: Date.now(), signal: AbortSignal.timeout(LIMIT_MS) };
  expect(await claude.quota?.(taken?.fields ?? {}, io)).toContainEqual(expect.objectContaining({ name: '5 hours' }));
  expect(await claude.refresh?.(taken?.fields ?? {}, io)).toMatchObject({
    refresh_token: expect.stringContaining('ann'),
  });
});

async function online(vendor: Vendor): Promise<Internet> {
  const internet = await startInternet(vendor);
  internets.push(internet);
  return internet;
}

async function takeOver(from: AccountImport | undefined, internet: Internet): Promise<readonly NewAccount[]> {
  const places = from?.files({ home, env: {}, platform: process.platform }) ?? [];
  const files = places.filter((path) => existsSync(path)).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const io = { fetch: internet.fetch, now: Date.now, signal: AbortSignal.timeout(LIMIT_MS), client: undefined };
  return (await from?.read(files, { ...io, progress: () => {}, options: {} })) ?? [];
}

interface Run {
  readonly code: Promise<number | null>;
  output(): string;
  /** Resolves with the first group of what it printed. */
  prints(pattern: RegExp): Promise<string>;
}

function start(
  program: string,
  args: readonly string[],
  internet: Internet,
  input?: string,
  env: Readonly<Record<string, string>> = {},
): Run {
  mkdirSync(join(home, '.codex'), { recursive: true });
  const child = spawn(agentProgram(program), args, {
    env: {
      ...internet.env,
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TERM: 'dumb',
      CODEX_CA_CERTIFICATE: internet.caFile,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  children.push(child);
  if (input !== undefined) child.stdin.end(input);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  return {
    code: new Promise((done, reject) => child.on('exit', done).on('error', reject)),
    output: () => output,
    async prints(pattern) {
      await expect.poll(() => pattern.test(output), { timeout: LIMIT_MS / 2 }).toBe(true);
      return pattern.exec(output)?.[1] ?? '';
    },
  };
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
