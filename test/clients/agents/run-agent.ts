import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { agentProgram } from '../install/agents.ts';
import type { AgentRecipe, Setting } from './recipes.ts';

/** How an agent's run ended. */
export interface AgentRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs an agent once, headless, in a fresh home, with nothing of this machine's environment but PATH. */
export async function runAgent(recipe: AgentRecipe, setting: Setting, timeoutMs: number): Promise<AgentRun> {
  for (const [file, text] of Object.entries(recipe.files(setting))) {
    mkdirSync(dirname(join(setting.home, file)), { recursive: true });
    writeFileSync(join(setting.home, file), text);
  }
  const workspace = join(setting.home, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const path = `${resolve(import.meta.dirname, '../../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(agentProgram(recipe.program), recipe.args(setting), {
    cwd: workspace,
    env: { PATH: path, HOME: setting.home, TERM: 'dumb', ...recipe.env(setting) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const timer = setTimeout(() => killGroup(child.pid), timeoutMs);
  const code = await new Promise<number | null>((done, reject) => child.on('exit', done).on('error', reject));
  clearTimeout(timer);
  // Agents leave helpers behind; the group was started here and is ended here.
  killGroup(child.pid);
  return { code, output };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
