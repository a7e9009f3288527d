import { type Command, InvalidArgumentError } from 'commander';
import type { AccountsAction, AccountsFlags } from './commands/accounts.ts';
import type { ImportFlags } from './commands/import.ts';
import type { LoginFlags } from './commands/login.ts';

/** What the commands for accounts do; each resolves with the exit code. */
export interface AccountActions {
  login(provider: string | undefined, flags: LoginFlags): Promise<number>;
  accounts(action: AccountsAction, names: readonly string[], flags: AccountsFlags): Promise<number>;
  import(provider: string | undefined, flags: ImportFlags): Promise<number>;
}

type Ended = (code: number) => void;

const CONFIG_FLAG = '--config <file>';
const CONFIG_HELP = 'configuration file, as for serve';

/** Adds `login`, `accounts` and `import`. */
export function addAccountCommands(program: Command, actions: AccountActions, ended: Ended): void {
  addLogin(program, actions, ended);
  addImport(program, actions, ended);
  addAccounts(program, actions, ended);
}

function addLogin(program: Command, actions: AccountActions, ended: Ended): void {
  command(program, 'login [provider]', 'log in to a provider with an account of yours; without one: pick from a list')
    .option('--method <id>', 'which of the ways to log in; without it: the usual one, or pick from a list')
    .option('--device', 'type a code on any device instead of using the browser of this machine')
    .option('--no-browser', 'print the address instead of opening it; the address you end at can be pasted')
    .option('--port <number>', 'listen there for the browser to come back', portNumber)
    .option('--import', 'take over the login of an installed agent')
    .option('--file <path>', 'read the secret or the key file from there; - is the standard input')
    .option('--project <id>', 'for providers with projects')
    .option('--region <name>', 'for providers with regions')
    .option('--start-url <url>', 'of your organisation, for AWS IAM Identity Center')
    .option('--option <k=v>', 'anything else the provider takes (repeatable)', collectPair)
    .option('--proxy-url <url>', 'for the login and everything else this account does')
    .option('--label <text>', 'your name for the account')
    .option('--note <text>', 'your own words, shown in lists')
    .option('--prefix <text>', 'clients may ask for <text>/model')
    .option('--yes', 'with --import: take all that are found, without asking')
    .option(CONFIG_FLAG, CONFIG_HELP)
    .action(async (provider: string | undefined, { import: takesOver, ...flags }: LoginFlags & { import?: boolean }) =>
      ended(await actions.login(provider, { ...flags, takesOver })),
    );
}

function addImport(program: Command, actions: AccountActions, ended: Ended): void {
  command(program, 'import [provider]', 'take over logins of the agents that are installed here')
    .option('--list', 'only say what is found')
    .option('--yes', 'take all that are found, without asking')
    .option('--proxy-url <url>', 'for everything these accounts do')
    .option(CONFIG_FLAG, CONFIG_HELP)
    .action(async (provider: string | undefined, flags: ImportFlags) => ended(await actions.import(provider, flags)));
}

function addAccounts(program: Command, actions: AccountActions, ended: Ended): void {
  const accounts = command(program, 'accounts', 'accounts that are logged in; without a command: list');
  const run =
    (action: AccountsAction) =>
    async (names: readonly string[] | AccountsFlags, flags: AccountsFlags): Promise<void> => {
      const isNamed = Array.isArray(names);
      // cast: commander leaves the names out where a command takes none.
      ended(await actions.accounts(action, isNamed ? names : [], isNamed ? flags : (names as AccountsFlags)));
    };
  const add = (usage: string, action: AccountsAction, description: string): Command =>
    command(accounts, usage, description, action === 'list')
      .option('--json', 'for programs')
      .option(CONFIG_FLAG, CONFIG_HELP)
      .action(run(action));
  const offline = ['--offline', 'ask no provider: no quota'] as const;
  add('list', 'list', 'a table of all accounts').option(...offline);
  add('show <account...>', 'show', 'everything about an account: quota, models').option(...offline);
  add('disable <account...>', 'disable', 'switch an account off; its file stays');
  add('enable <account...>', 'enable', 'switch it on again');
  add('remove <account...>', 'remove', 'delete its file').option('--yes', 'without asking');
  add('refresh [account...]', 'refresh', 'get new tokens now; without a name: for all that can be renewed');
  add('test [account...]', 'test', 'send one small request; without a name: through each').option(
    '--model <name>',
    'ask this model; without it: a small one',
  );
}

function command(parent: Command, usage: string, description: string, isDefault = false): Command {
  return parent
    .command(usage, { isDefault })
    .description(description)
    .helpOption('-h, --help', 'show this help')
    .exitOverride();
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('expected a whole number from 0 to 65535');
}

function collectPair(text: string, known: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected name=value');
  return { ...known, [name]: value };
}
