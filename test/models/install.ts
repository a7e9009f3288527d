/** Installs llama.cpp's server and writes the model into `.cache`, once. Says in one sentence what is missing. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installEnvironment, pythonProgram } from '../clients/install/python.ts';
import { isInstalled, markInstalled, run } from '../clients/install/run.ts';
import { modelEnvironment, modelPackages } from '../clients/install/versions.ts';
import { modelFile, modelFolder } from './model-server.ts';

const makeModel = join(import.meta.dirname, 'make-tiny-model.py');

/** vitest global set-up of the `models` project. */
async function setup(): Promise<void> {
  try {
    // Only ready-made wheels: compiling llama.cpp takes some twenty minutes.
    await installEnvironment(modelEnvironment, modelPackages, ['--only-binary=:all:']);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `npm run test:models needs ${modelPackages.join(' and ')} from PyPI as wheels for this platform: ${reason}`,
    );
  }
  const recipe = readFileSync(makeModel, 'utf8');
  if (isInstalled(modelFolder, recipe)) return;
  rmSync(modelFolder, { recursive: true, force: true });
  mkdirSync(modelFolder, { recursive: true });
  await run(pythonProgram(modelEnvironment, 'python'), [makeModel, modelFile], modelFolder);
  markInstalled(modelFolder, recipe);
}

export default setup;
