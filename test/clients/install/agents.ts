import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, isInstalled, markInstalled, run } from './run.ts';
import { agentScripts, agents } from './versions.ts';

const folder = join(cacheFolder, 'agents');

/** The program of an installed agent: `claude`, `codex`, `gemini`, `opencode`, `qwen`. */
export function agentProgram(name: string): string {
  return join(folder, 'node_modules/.bin', name);
}

/** Installs the pinned coding agents with npm, outside the project's own dependencies. */
export async function installAgents(): Promise<void> {
  const allowScripts = Object.fromEntries(agentScripts.map((name) => [name, true]));
  const manifest = JSON.stringify({ private: true, dependencies: agents, allowScripts }, null, 2);
  if (isInstalled(folder, manifest)) return;
  console.log('installing the coding agents for the client tests (once, about 1.4 GB, into .cache/agents)');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), manifest);
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  markInstalled(folder, manifest);
}
