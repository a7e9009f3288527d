/** The product as a process whose configuration file and accounts a test changes under way. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type CliProcess, makeFolder, startCli } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';

/** A running gateway and its files. */
export interface LiveProxy {
  readonly origin: string;
  readonly file: string;
  readonly process: CliProcess;
  /** Puts another configuration in place of the present one. */
  write(config: string): void;
  /** Writes the file of an account. */
  writeAccount(name: string, fields: Record<string, unknown>): void;
  accountFile(name: string): string;
  /** Waits until the log has so many lines that contain a text; 1 by default. */
  logged(text: string, times?: number): Promise<void>;
  ask(model: string, init?: { readonly key?: string; readonly stream?: boolean }): Promise<Response>;
}

/** Starts one in a folder of its own, which `cleanUp` removes. */
export async function startLiveProxy(config: string, env: Record<string, string> = {}): Promise<LiveProxy> {
  const folder = makeFolder();
  const file = join(folder, 'config.yaml');
  const accounts = join(folder, '.llmproxy', 'auths');
  writeFileSync(file, config, { mode: 0o600 });
  mkdirSync(accounts, { recursive: true, mode: 0o700 });
  const process = startCli(['serve', '--config', file], folder, env);
  const origin = await process.listening();
  return {
    origin,
    file,
    process,
    write(text) {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    accountFile: (name) => join(accounts, name),
    writeAccount: (name, fields) => writeFileSync(join(accounts, name), JSON.stringify(fields), { mode: 0o600 }),
    logged: (text, times = 1) =>
      vi.waitFor(
        () => {
          const found = process.stderr().split(text).length - 1;
          if (found < times) throw new Error(`${found} times "${text}" in:\n${process.stderr()}`);
        },
        { timeout: 10_000, interval: 20 },
      ),
    ask: (model, { key = CLIENT_KEY, stream = false } = {}) =>
      fetch(`${origin}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hi' }] }),
      }),
  };
}

/** What {@link chatConfig} is made of. */
export interface ChatConfig {
  readonly origin: string;
  readonly models?: readonly string[];
  readonly keys?: readonly string[];
  readonly more?: string;
}

/** A configuration for one scripted upstream that speaks Chat. */
export function chatConfig({ origin, models = ['one'], keys = ['sk-fake-upstream-1'], more = '' }: ChatConfig): string {
  return `host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
${more}
openai-compatibility:
  - name: scripted
    base-url: ${origin}/v1
    models: [${models.map((name) => `{ name: ${name} }`).join(', ')}]
    api-key-entries:
${keys.map((key) => `      - api-key: ${key}`).join('\n')}
`;
}
