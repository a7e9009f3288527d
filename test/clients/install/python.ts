import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, isInstalled, markInstalled, run } from './run.ts';
import { type modelEnvironment, pythonEnvironments } from './versions.ts';

/** A program inside one of the Python environments, e.g. `pythonProgram('litellm', 'litellm')`. */
export function pythonProgram(
  environment: keyof typeof pythonEnvironments | typeof modelEnvironment,
  program: string,
): string {
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

/** One virtual environment in `.cache/python`, built when its list of packages changed. */
export async function installEnvironment(
  name: string,
  packages: readonly string[],
  pipOptions: readonly string[] = [],
): Promise<void> {
  const folder = join(cacheFolder, 'python', name);
  const description = packages.join('\n');
  if (isInstalled(folder, description)) return;
  mkdirSync(join(cacheFolder, 'python'), { recursive: true });
  await ensurePython();
  console.log(`installing ${packages.join(', ')} for the tests (once, into .cache/python/${name})`);
  rmSync(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder], cacheFolder);
  const options = ['--quiet', '--disable-pip-version-check', ...pipOptions];
  await run(join(folder, 'bin/pip'), ['install', ...options, ...packages], cacheFolder);
  markInstalled(folder, description);
}

/** The environments of the client tests: SDK majors cannot be installed side by side. */
export async function installPython(): Promise<void> {
  for (const [name, packages] of Object.entries(pythonEnvironments)) await installEnvironment(name, packages);
}
