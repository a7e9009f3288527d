/** The credentials of the soak: a configuration in variants, and account files that are edited while they are used. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_KEY } from '../../test/support/proxy-process.ts';
import { pick } from './chance.ts';
import type { UpstreamReady } from './messages.ts';

/** Every model that clients ask for; each is there in every variant. */
export const models = ['up-chat', 'up-responses', 'up-claude', 'up-gemini', 'grok-4.5'] as const;

const ACCOUNTS = 6;
const strategies = ['round-robin', 'weighted-round-robin', 'fill-first', 'least-in-flight'] as const;

/** A configuration; the same credentials but for the last key of each list, which comes and goes. */
export function configText({ origin, flaky }: UpstreamReady, variant: number): string {
  const keys = (count: number, name: string): number[] =>
    Array.from({ length: count - (variant % 3 === name.length % 3 ? 1 : 0) }, (_, index) => index + 1);
  const entries = (name: string, path: string, model: string): string =>
    keys(4, name)
      .map((index) => {
        // The first key of each reaches the provider by the way that is closed now and then.
        const base = index === 1 ? flaky : origin;
        const priority = index === 2 && variant % 4 === 0 ? ', priority: 1' : '';
        return `  - { api-key: sk-fake-${name}-${index}, base-url: "${base}${path}"${priority}, models: [{ name: ${model} }] }`;
      })
      .join('\n');
  return `# variant ${variant}
host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"${variant % 2 === 0 ? ', sk-test-another-client' : ''}]
auth-dir: ~/auths
log-level: ${variant % 5 === 0 ? 'info' : 'warn'}
request-retry: 2
max-retry-interval: 5
transient-error-cooldown-seconds: 1
shutdown-timeout-seconds: 5
upstream-timeouts: { connect: 2, first-byte: 4, idle: 4 }
routing: { strategy: ${strategies[variant % strategies.length]} }
openai-compatibility:
  - name: scripted
    base-url: ${origin}/v1
    api-key-entries: [${keys(4, 'chat')
      .map((index) => `{ api-key: sk-fake-chat-${index} }`)
      .join(', ')}]
    models: [{ name: up-chat }${variant % 2 === 0 ? `, { name: up-chat, alias: more-${variant} }` : ''}]
codex-api-key:
${entries('responses', '/v1', 'up-responses')}
claude-api-key:
${entries('claude', '', 'up-claude')}
gemini-api-key:
${entries('gemini', '', 'up-gemini')}
`;
}

/** A file that nobody ever sees half written. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The accounts that lie in the home of the gateway. */
export class AccountFiles {
  readonly #folder: string;
  readonly #upstream: UpstreamReady;
  /** A login that comes back is the one that went. */
  readonly #deleted = new Map<number, Record<string, unknown>>();
  readonly edits: Record<string, number> = {};

  constructor(home: string, upstream: UpstreamReady) {
    this.#folder = join(home, 'auths');
    this.#upstream = upstream;
    mkdirSync(this.#folder, { mode: 0o700 });
    for (let index = 1; index <= ACCOUNTS; index++) this.#write(index, this.#fresh(index));
  }

  /** Changes one account as a user or another program might. The first two are left alone: there is always one to use. */
  edit(random: () => number): void {
    const index = 3 + Math.floor(random() * (ACCOUNTS - 2));
    const [name, change] = pick(this.#changes, random);
    this.edits[name] = (this.edits[name] ?? 0) + 1;
    change(index);
  }

  /** Nothing but accounts that can be used. */
  restore(): void {
    for (let index = 3; index <= ACCOUNTS; index++) {
      const { disabled: _, ...fields } = this.#last(index);
      this.#write(index, fields);
    }
  }

  readonly #changes: readonly (readonly [string, (index: number) => void])[] = [
    ['note', (index) => this.#change(index, (fields) => ({ ...fields, note: `edited ${Math.random()}` }))],
    [
      'priority',
      (index) => this.#change(index, (fields) => ({ ...fields, priority: fields['priority'] === 1 ? 0 : 1 })),
    ],
    ['disabled', (index) => this.#change(index, (fields) => ({ ...fields, disabled: fields['disabled'] !== true }))],
    ['deleted', (index) => this.#delete(index)],
    ['damaged', (index) => writeFileSync(join(this.#folder, `broken-${index}.json`), '{ "type": "xai", "acc')],
    ['a file of another program', () => replaceFile(join(this.#folder, 'other.json'), '{"some":"thing"}')],
  ];

  #delete(index: number): void {
    const fields = this.#read(index);
    if (fields !== undefined) this.#deleted.set(index, fields);
    rmSync(this.#path(index), { force: true });
  }

  #change(index: number, by: (fields: Record<string, unknown>) => Record<string, unknown>): void {
    this.#write(index, by(this.#last(index)));
  }

  #path(index: number): string {
    return join(this.#folder, `xai-a${index}.json`);
  }

  #fresh(index: number): Record<string, unknown> {
    return {
      type: 'xai',
      email: `a${index}@soak.example`,
      access_token: `access-a${index}-1`,
      refresh_token: `refresh-a${index}-1`,
      token_endpoint: this.#upstream.identity,
      base_url: `${this.#upstream.origin}/v1`,
      expired: new Date(Date.now() + 60_000).toISOString(),
    };
  }

  #last(index: number): Record<string, unknown> {
    return this.#read(index) ?? this.#deleted.get(index) ?? this.#fresh(index);
  }

  #read(index: number): Record<string, unknown> | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(index), 'utf8'));
    } catch {
      return undefined;
    }
  }

  #write(index: number, fields: Record<string, unknown>): void {
    replaceFile(this.#path(index), JSON.stringify(fields, undefined, 2));
  }
}
