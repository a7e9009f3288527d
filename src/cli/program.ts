import { Command, CommanderError } from 'commander';
import { version } from '../index.ts';
import type { ServeFlags } from './commands/serve.ts';

/** What the commands do; each resolves with the exit code. */
export interface Actions {
  serve(flags: ServeFlags): Promise<number>;
}

/** Parses the arguments (without node and script) and runs the command. Resolves with the exit code: 2 for wrong usage. */
export async function runProgram(args: readonly string[], actions: Actions): Promise<number> {
  let exitCode = 0;
  const program = new Command('llmproxy')
    .description('One endpoint for every coding agent, in front of any provider.')
    .version(version, '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .exitOverride();
  const serve = program
    .command('serve', { isDefault: true })
    .description('start the proxy (the default)')
    .option(
      '--config <file>',
      'configuration file (or $LLMPROXY_CONFIG, ./config.yaml, ~/.config/llmproxy/config.yaml)',
    )
    .option('--host <host>', 'address to listen on (127.0.0.1)')
    .option('--port <number>', 'port to listen on (8317)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .action(async (flags: ServeFlags) => {
      exitCode = await actions.serve(flags);
    });
  program.addHelpText('after', () => `\n${serve.helpInformation()}`);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
}
