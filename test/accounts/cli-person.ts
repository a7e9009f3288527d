/** A person at the command line, at home in a folder of his own and in an internet of simulated vendors. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { type CliProcess, makeFolder, startCli } from '../integration/cli-process.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import type { AccountVendor } from '../support/vendors/vendor.ts';

/** The person and his world. */
export interface CliPerson {
  readonly home: string;
  readonly internet: Internet;
  /** Starts `llmproxy` with these arguments; `stdin`: whether something is piped in. */
  start(args: readonly string[], stdin?: 'ignore' | 'pipe'): CliProcess;
  /** The address that the browser was opened with; removes it. */
  opened(): Promise<string>;
  write(path: string, text: string): string;
  record(id: string): Record<string, unknown> | undefined;
  close(): Promise<void>;
}

/** Brings the person to life. Its browser only remembers. */
export async function cliPerson(...vendors: readonly AccountVendor[]): Promise<CliPerson> {
  const internet = await startInternet(...vendors);
  const home = makeFolder();
  const browser = join(home, 'browser');
  const address = join(home, 'opened');
  writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > "${address}.new" && mv "${address}.new" "${address}"\n`);
  chmodSync(browser, 0o700);
  const env = { ...internet.env, BROWSER: browser, ...Object.assign({}, ...vendors.map((vendor) => vendor.env)) };
  return {
    home,
    internet,
    start: (args, stdin = 'ignore') => startCli(args, home, env, stdin),
    async opened() {
      for (let waits = 0; !existsSync(address); waits++) {
        if (waits > 200) throw new Error('no browser was opened');
        await new Promise((done) => setTimeout(done, 50));
      }
      const url = readFileSync(address, 'utf8');
      rmSync(address);
      return url;
    },
    write(path, text) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    record(id) {
      const file = join(home, '.llmproxy/auths', id);
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    },
    close: () => internet.close(),
  };
}

/** A port that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** Goes where the provider sends the browser, at the port where the program really listens. */
export async function comeBack(address: string, port: number): Promise<Response> {
  const url = new URL(address);
  url.port = String(port);
  return fetch(url);
}
