/** A gateway process whose whole internet is simulated, and the four clients that ask it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRecords } from '../../src/storage/files/records.ts';
import type { CredentialRecords } from '../../src/storage/ports.ts';
import { clients } from '../conformance/drivers.ts';
import type { Answer, ClientDriver } from '../conformance/model.ts';
import { type CliProcess, startCli } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';

const MANAGEMENT_KEY = 'fake-management-key';

// Nobody waits for an allowance that is spent, and both accounts are used.
const config = `host: 127.0.0.1
port: 0
api-keys: ["${CLIENT_KEY}"]
remote-management: { secret-key: ${MANAGEMENT_KEY} }
max-retry-interval: 1
routing: { strategy: round-robin }
`;

/** What a request came to. */
export interface Outcome {
  readonly status: number;
  /** Of an answer that is one in the client's dialect, every event of it. */
  readonly text: string;
  /** As it came. */
  readonly body: string;
}

/** The home of a gateway that outlives its processes. */
export interface AccountHome {
  /** Its accounts as they lie there. */
  readonly records: CredentialRecords;
  start(): Promise<AccountGateway>;
}

/** A running process. */
export interface AccountGateway {
  readonly process: CliProcess;
  ask(client: ClientDriver, model: string, stream: boolean): Promise<Outcome>;
  models(): Promise<readonly string[]>;
  /** What Claude's way of counting tokens answers. */
  countTokens(model: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Credentials of which something is not to be used now. */
  restingCredentials(): Promise<number>;
  /** Ends it as a service manager does. */
  stop(): Promise<void>;
}

/** Makes one in an empty folder; `env` is that of its processes. */
export function accountHome(folder: string, env: Readonly<Record<string, string>>): AccountHome {
  const directory = join(folder, '.llmproxy', 'auths');
  const file = join(folder, 'config.yaml');
  writeFileSync(file, config, { mode: 0o600 });
  return {
    records: createFileRecords({ directory, warn: () => {} }),
    async start() {
      const process = startCli(['serve', '--config', file], folder, { ...env });
      return gatewayAt(await process.listening(), process);
    },
  };
}

let conversations = 0;

function gatewayAt(origin: string, process: CliProcess): AccountGateway {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
  return {
    process,
    async ask(client, model, stream) {
      // Conversations stay with their account, so each request begins one.
      conversations += 1;
      const turns = [{ role: 'user', text: `Say hello ${conversations} times.` }] as const;
      const { path, body } = client.build({ turns }, model, stream);
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await fetch(`${origin}${path}`, init);
      const text = await response.text();
      const said = response.ok ? read(client, text, stream).text : '';
      return { status: response.status, text: said, body: text };
    },
    async models() {
      const response = await fetch(`${origin}/v1/models`, { headers });
      const body: { data: { id: string }[] } = JSON.parse(await response.text());
      return body.data.map(({ id }) => id);
    },
    async countTokens(model) {
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'How long is this?' }] });
      const response = await fetch(`${origin}/v1/messages/count_tokens`, { method: 'POST', headers, body });
      return { status: response.status, body: await response.text() };
    },
    async restingCredentials() {
      const init = { headers: { authorization: `Bearer ${MANAGEMENT_KEY}` } };
      const response = await fetch(`${origin}/v0/management/status`, init);
      const { credentials }: { credentials: { limited: number; cooling: number } } = JSON.parse(await response.text());
      return credentials.limited + credentials.cooling;
    },
    async stop() {
      process.child.kill('SIGTERM');
      await process.ended;
    },
  };
}

function read(client: ClientDriver, text: string, stream: boolean): Answer {
  try {
    return stream ? client.readStream(text) : client.readJson(JSON.parse(text));
  } catch (error) {
    throw new Error(`not an answer in ${client.dialect}: ${text}`, { cause: error });
  }
}

/** Every client, whole and streamed. */
export const everyWay: readonly { readonly client: ClientDriver; readonly stream: boolean }[] = clients.flatMap(
  (client) => [
    { client, stream: false },
    { client, stream: true },
  ],
);
