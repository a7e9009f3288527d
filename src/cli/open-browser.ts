import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** A program and its arguments; no shell reads them. */
export type Command = readonly [program: string, ...args: string[]];

/** What opens a web page on this system: $BROWSER, or the system's own opener. Undefined: there is no display. */
export function browserCommand(url: string, platform: NodeJS.Platform, env: Environment): Command | undefined {
  const chosen = env['BROWSER'] ?? '';
  // A list in some systems; arguments and %s in few.
  if (chosen !== '' && !/[\s:%]/.test(chosen.replace(/^[A-Za-z]:/, ''))) return [chosen, url];
  switch (platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      // `start` is part of the shell, which would read the address; this one takes it as it is.
      return ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
    default:
      return hasDisplay(env) ? ['xdg-open', url] : undefined;
  }
}

function hasDisplay(env: Environment): boolean {
  return ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => Boolean(env[name]));
}

/** Resolves with false when the page cannot be opened here. */
export function openBrowser(url: string, platform: NodeJS.Platform, env: Environment): Promise<boolean> {
  const command = /^https?:\/\//.test(url) ? browserCommand(url, platform, env) : undefined;
  if (command === undefined) return Promise.resolve(false);
  const [program, ...args] = command;
  return new Promise((done) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, shell: false });
    child.once('error', () => done(false));
    // Some openers stay as long as the browser does.
    child.once('spawn', () => setTimeout(done, OPENED_MS, true));
    child.once('exit', (code) => done(code === 0));
    child.unref();
  });
}

const OPENED_MS = 1500;
