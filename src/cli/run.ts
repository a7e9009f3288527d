/** Runs the command line of this process and ends it with the exit code of the command. */
import { closeSync, openSync } from 'node:fs';
import { createProxy, loginProviders } from '../index.ts';
import { accounts } from './commands/accounts.ts';
import { explain } from './commands/explain.ts';
import { importLogins } from './commands/import.ts';
import { decryptKeys, type KeysContext, newKey, rotateKeys } from './commands/keys.ts';
import { login } from './commands/login.ts';
import { serve } from './commands/serve.ts';
import { withOldFlags } from './old-flags.ts';
import { openBrowser } from './open-browser.ts';
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';
import type { LoginContext } from './with-desk.ts';

const context: KeysContext = {
  env: process.env,
  directory: process.cwd(),
  out: (line) => console.log(line),
  warn: (line) => console.error(line),
};

const exitCode = await runProgram(withOldFlags(process.argv.slice(2), loginProviders()), {
  login: (provider, flags) => login(provider, flags, loginContext()),
  import: (provider, flags) => importLogins(provider, flags, loginContext()),
  accounts: (action, names, flags) =>
    accounts(action, names, flags, { ...context, now: Date.now, confirm: processTerminal().confirm }),
  serve: (flags) =>
    serve(flags, {
      ...context,
      createProxy,
      stopped: stopSignal(),
      onReload,
    }),
  explain: (flags) => explain(flags, { ...context, fetch }),
  newKey: () => newKey(context),
  rotateKeys: (flags) => rotateKeys(flags, context),
  decryptKeys: (flags) => decryptKeys(flags, context),
});

// Nothing of a stopped proxy may keep the process alive.
process.exit(exitCode);

function loginContext(): LoginContext {
  const { env, directory } = context;
  const ended = new AbortController();
  void stopSignal().then(() => ended.abort());
  return {
    env,
    directory,
    terminal: processTerminal(),
    now: Date.now,
    openBrowser: (url) => openBrowser(url, process.platform, env),
    signal: ended.signal,
  };
}

/** SIGHUP also comes when the terminal is closed that the program runs in: then it ends, as every program does. */
function onReload(reload: () => void): void {
  const inTerminal = hasTerminal();
  process.on('SIGHUP', () => {
    if (inTerminal && !hasTerminal()) process.kill(process.pid, 'SIGTERM');
    else reload();
  });
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Resolves at the first SIGINT or SIGTERM; the second ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
