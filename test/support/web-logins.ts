/** The web side of logins over a provider that does what a test says. */
import type { AccountImport, LoginIo, LoginMethod, NewAccount } from '../../src/auth/login.ts';
import { ProxyError } from '../../src/errors.ts';
import type { ManagementAnswer, ManagementRequest } from '../../src/management/answer.ts';
import { createGate } from '../../src/management/gate.ts';
import { loginRoutes } from '../../src/management/logins/login-routes.ts';
import { createManagement } from '../../src/management/management.ts';
import { createLoginDoor } from '../../src/management/pages/login-door.ts';
import { createPageKeys } from '../../src/management/pages/page-keys.ts';
import { defineProvider, type Manifest } from '../../src/providers/provider.ts';
import { createLogins } from '../../src/service/logins.ts';
import { createForwarders } from '../../src/service/web/callback-forwarder.ts';
import { createWebLogins } from '../../src/service/web/web-logins.ts';
import { MemoryRecords } from './memory-records.ts';

export const MANAGEMENT_KEY = 'fake-management-key';

/** What a request to the bench may have beside its address. */
export interface BenchRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the text of a form. */
  readonly body?: object | string;
  readonly peer?: string;
  /** Without the management key. */
  readonly noKey?: boolean;
}

/** The web side with everything that a test looks at. */
export interface WebBench {
  nowMs: number;
  key: string;
  allowRemote: boolean;
  origin: string | undefined;
  /** Codes that the provider was brought, and the options it was begun with. */
  readonly codes: string[];
  readonly options: Record<string, string>[];
  readonly signals: AbortSignal[];
  /** Records, as they were saved. */
  readonly saved: string[];
  readonly failures: unknown[];
  /** The person types the code; an error: the provider refuses. */
  decide(error?: ProxyError): void;
  /** Below `/v0/management`. */
  manage(path: string, request?: BenchRequest): Promise<ManagementAnswer>;
  /** By the whole path; no key is sent. */
  page(path: string, request?: BenchRequest): Promise<ManagementAnswer>;
  close(): void;
}

/** What its providers are like. */
export interface BenchProviders {
  readonly callbackPort?: number;
  readonly userCode?: string;
  readonly url?: string;
  /** Of every provider: their ids decide under which names they are offered. */
  readonly ids?: readonly string[];
  readonly label?: string;
}

function accountOf(secret: string, more: Record<string, unknown> = {}): NewAccount {
  return {
    recordId: `fake-${secret}.json`,
    fields: { type: 'fake', access_token: `token-of-${secret}`, email: `${secret}@example.test`, ...more },
    label: `${secret}@example.test`,
    notes: ['A note <b>of</b> the provider.'],
  };
}

/** Opens one; `close` ends its forwarder. */
export function createWebBench(providers: BenchProviders = {}): WebBench {
  const decisions: ((error?: ProxyError) => void)[] = [];
  const codes: string[] = [];
  const options: Record<string, string>[] = [];
  const signals: AbortSignal[] = [];
  const saved: string[] = [];
  const failures: unknown[] = [];
  const begun = (io: LoginIo): void => {
    options.push({ ...io.options });
    signals.push(io.signal);
  };
  const logins = methods(providers, { begun, codes, decisions, nowMs: () => bench.nowMs });
  const manifests = (providers.ids ?? ['one']).map((id) => manifestOf(id, logins, providers.label ?? `Fake ${id}`));
  const web = createWebLogins({
    logins: createLogins({
      records: new MemoryRecords(),
      manifests,
      clock: { now: () => bench.nowMs },
      fetchFor: () => fetch,
      clientOf: () => undefined,
      saved: ({ recordId }) => saved.push(recordId),
    }),
    clock: { now: () => bench.nowMs },
    env: { HOME: '/home/fake' },
    directory: '/accounts',
    forwarders: createForwarders(() => ['127.0.0.1']),
    origin: () => bench.origin,
    failed: (error) => failures.push(error),
  });
  const gate = createGate({
    settings: () => ({ key: bench.key, password: undefined, allowRemote: bench.allowRemote }),
    matchesHash: async () => false,
    nowMs: () => bench.nowMs,
  });
  const management = createManagement(
    gate,
    loginRoutes(web, () => bench.nowMs),
  );
  const keys = createPageKeys({ nowMs: () => bench.nowMs, keyMark: () => bench.key });
  const door = createLoginDoor({ gate, logins: web, keys, allowRemote: () => bench.allowRemote });
  const bench: WebBench = {
    nowMs: Date.parse('2026-11-22T12:00:00Z'),
    key: MANAGEMENT_KEY,
    allowRemote: false,
    origin: 'http://127.0.0.1:8317',
    codes,
    options,
    signals,
    saved,
    failures,
    decide: (error) => decisions.splice(0).forEach((decision) => void decision(error)),
    manage(path, request = {}) {
      const key = request.noKey ? {} : { authorization: `Bearer ${MANAGEMENT_KEY}` };
      return management(requestOf(path, { ...request, headers: { ...key, ...request.headers } }));
    },
    async page(path, request = {}) {
      const answer = await door(requestOf(path, request));
      return answer ?? { status: 404, body: 'not a page' };
    },
    close: () => web.close(),
  };
  return bench;
}

function requestOf(
  path: string,
  { method = 'GET', headers = {}, body, peer = '127.0.0.1' }: BenchRequest,
): ManagementRequest {
  const url = new URL(path, 'http://127.0.0.1:8317');
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  return {
    method,
    path: url.pathname,
    headers: { host: url.host, ...headers },
    peer,
    query: (name) => url.searchParams.get(name) ?? undefined,
    ...(text === undefined ? {} : { body: async () => Buffer.from(text) }),
  };
}

interface Watched {
  begun(io: LoginIo): void;
  readonly codes: string[];
  readonly decisions: ((error?: ProxyError) => void)[];
  nowMs(): number;
}

function methods(providers: BenchProviders, { begun, codes, decisions, nowMs }: Watched): readonly LoginMethod[] {
  const { callbackPort = 54_999, userCode = 'ABCD-1234', url = 'https://vendor.test/device' } = providers;
  const decided = (account: NewAccount): Promise<NewAccount> =>
    new Promise((done, refuse) => decisions.push((error) => (error === undefined ? done(account) : refuse(error))));
  return [
    {
      type: 'browser',
      id: 'browser',
      label: 'with the browser',
      callback: { host: 'localhost', port: callbackPort, path: '/auth/callback' },
      async begin(io, redirectUri, state) {
        begun(io);
        const query = new URLSearchParams({ redirect_uri: redirectUri, state });
        return {
          url: `https://vendor.test/authorize?${query}`,
          async finish(code) {
            codes.push(code);
            if (code === 'broken') throw new TypeError('a defect with a secret');
            if (code === 'refused') throw new ProxyError('upstream_rejected', 'the code is <b>spent</b>');
            return accountOf(code);
          },
        };
      },
    },
    {
      type: 'device',
      id: 'device',
      label: 'with a code',
      asks: [
        { name: 'start-url', label: 'Start URL', example: 'https://example.awsapps.com/start' },
        { name: 'region', label: 'Region' },
      ],
      async begin(io) {
        begun(io);
        const expiresAtMs = nowMs() + 900_000;
        return { verificationUrl: url, userCode, expiresAtMs, finish: () => decided(accountOf('device')) };
      },
    },
    {
      type: 'secret',
      id: 'token',
      label: 'with a token',
      prompt: 'The token',
      async finish(io, text) {
        begun(io);
        if (text === 'wrong') throw new ProxyError('invalid_request', 'that is no token');
        return accountOf(text, { expired: '2026-12-01T00:00:00Z' });
      },
    },
    {
      type: 'file',
      id: 'file',
      label: 'with a file',
      prompt: 'The file',
      asks: [{ name: 'location', label: 'Location' }],
      async finish(io, text) {
        begun(io);
        const { project = '' } = JSON.parse(text);
        return accountOf(project, { project_id: project, location: io.options['location'] ?? 'us-central1' });
      },
    },
  ];
}

const importOf: AccountImport = {
  id: 'other-program',
  label: 'Other Program',
  // A file that is surely there.
  files: () => [import.meta.filename],
  read: async () => [accountOf('other-program')],
};

function manifestOf(id: string, logins: readonly LoginMethod[], label: string): Manifest {
  return defineProvider({
    id,
    label,
    kind: 'direct',
    auth: [],
    baseUrl: 'https://vendor.test',
    endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
    models: [],
    account: { types: ['fake'], refreshLeadMs: 0, logins, imports: [importOf], notices: ['Terms <i>apply</i>.'] },
  });
}
