import { Command, CommanderError } from 'commander';
import { version } from '../index.ts';
import type { ExplainFlags } from './commands/explain.ts';
import type { KeysFlags } from './commands/keys.ts';
import type { ServeFlags } from './commands/serve.ts';
import { type AccountActions, addAccountCommands } from './program-accounts.ts';

/** What the commands do; each resolves with the exit code. */
export interface Actions extends AccountActions {
  serve(flags: ServeFlags): Promise<number>;
  explain(flags: ExplainFlags): Promise<number>;
  newKey(): number;
  rotateKeys(flags: KeysFlags): Promise<number>;
  decryptKeys(flags: KeysFlags): Promise<number>;
}

const CONFIG_FLAG = '--config <file>';
const CONFIG_HELP = 'configuration file (or $LLMPROXY_CONFIG, ./config.yaml, ~/.config/llmproxy/config.yaml)';

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
    .option(CONFIG_FLAG, CONFIG_HELP)
    .option('--host <host>', 'address to listen on (127.0.0.1)')
    .option('--port <number>', 'port to listen on (8317)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent')
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .action(async (flags: ServeFlags) => {
      exitCode = await actions.serve(flags);
    });
  const ended = (code: number): void => {
    exitCode = code;
  };
  addAccountCommands(program, actions, ended);
  addExplain(program, actions, ended);
  addKeys(program, actions, ended);
  program.addHelpText('after', () => `\n${serve.helpInformation()}`);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
}

function addExplain(program: Command, actions: Actions, ended: (code: number) => void): void {
  program
    .command('explain')
    .description('tell which credential serves a model next, and why no other')
    .requiredOption('--model <name>', 'as a client would name it')
    .option('--session <id>', 'the conversation, as its client names it')
    .option('--tools', 'for a request with tools')
    .option('--vision', 'for a request with images')
    .option('--stream', 'for a stream')
    .option('--tokens <number>', 'for a request of about so many tokens')
    .option('--json', 'for programs')
    .option('--url <url>', 'of the running gateway (as in its configuration)')
    .option('--key <key>', 'its management key (or $LLMPROXY_MANAGEMENT_KEY)')
    .option(CONFIG_FLAG, CONFIG_HELP)
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .action(async (flags: ExplainFlags) => ended(await actions.explain(flags)));
}

function addKeys(program: Command, actions: Actions, ended: (code: number) => void): void {
  const command = (parent: Command, name: string, description: string): Command =>
    parent.command(name).description(description).helpOption('-h, --help', 'show this help').exitOverride();
  const keys = command(program, 'keys', 'encryption of account files');
  command(keys, 'new', 'print a fresh key').action(() => ended(actions.newKey()));
  command(keys, 'rotate', 'encrypt all account files with a new key; the old one is needed as well')
    .option('--new-key-file <file>', 'the new key; without it the first of the keys that are set')
    .option(CONFIG_FLAG, CONFIG_HELP)
    .action(async (flags: KeysFlags) => ended(await actions.rotateKeys(flags)));
  command(keys, 'decrypt', 'turn all account files into plain JSON')
    .option(CONFIG_FLAG, CONFIG_HELP)
    .action(async (flags: KeysFlags) => ended(await actions.decryptKeys(flags)));
}
