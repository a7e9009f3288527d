/** Installs what the client tests need into `.cache`, once. Says in one sentence what is missing when it cannot. */
import { installAgents } from './agents.ts';
import { installPython } from './python.ts';

/** vitest global set-up of the `clients` project. */
async function setup(): Promise<void> {
  await installAgents();
  await installPython();
}

export default setup;
