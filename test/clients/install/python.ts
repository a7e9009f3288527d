import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, isInstalled, markInstalled, run } from './run.ts';
import { pythonEnvironments } from './versions.ts';

/** A program inside one of the Python environments, e.g. `pythonProgram('litellm', 'litellm')`. */
export function pythonProgram(environment: keyof typeof pythonEnvironments, program: string): string {
  return join(cacheFolder, 'python', environment, 'bin', program);
}

function hasPython(): boolean {
  return spawnSync('python3', ['-c', 'import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
}

async function ensurePython(): Promise<void> {
  if (hasPython()) return;
  const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (canInstall) {
    await run('apt-get', ['update', '-q'], cacheFolder);
    await run('apt-get', ['install', '-y', '-q', 'python3', 'python3-venv'], cacheFolder);
  }
  if (!hasPython()) {
    throw new Error(
      'The tests with Python SDKs need Python 3.10 or later with venv: apt-get install python3 python3-venv',
    );
  }
}

/** One virtual environment per set of packages: SDK majors cannot be installed side by side. */
export async function installPython(): Promise<void> {
  for (const [name, packages] of Object.entries(pythonEnvironments)) {
    const folder = join(cacheFolder, 'python', name);
    const description = packages.join('\n');
    if (isInstalled(folder, description)) continue;
    await ensurePython();
    console.log(`installing ${packages.join(', ')} for the client tests (once, into .cache/python/${name})`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(cacheFolder, 'python'), { recursive: true });
    await run('python3', ['-m', 'venv', folder], cacheFolder);
    await run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], cacheFolder);
    markInstalled(folder, description);
  }
}
