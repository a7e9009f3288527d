/** A token endpoint on a real socket that plays what a test wants, and rotates refresh tokens as strict providers do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What a refresh is answered with instead of new tokens. */
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running identity server. */
export interface IdentityServer {
  readonly url: string;
  /** Bodies of all refreshes so far, parsed. */
  readonly seen: Readonly<Record<string, string>>[];
  /** The most refreshes that were under way at once. */
  readonly mostAtOnce: number;
  /** The refresh token that would be taken now, by account. */
  valid(account: string): string;
  /** Asked before each answer: `hang` keeps the connection without a word. */
  script: (account: string) => Refusal | 'hang' | undefined;
  /** Each answer takes so long. */
  delayMs: number;
  /** Seconds that new tokens live. */
  lifeS: number;
  close(): Promise<void>;
}

/** Tokens are `access-<account>-<n>` and `refresh-<account>-<n>`; a refresh token is taken once. */
export async function startIdentityServer(): Promise<IdentityServer> {
  const counts = new Map<string, number>();
  const seen: Readonly<Record<string, string>>[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  const listener = createServer((request, response) => {
    underWay++;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    response.once('close', () => underWay--);
    void answer(request, response);
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  const { port } = address as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = parse(await textOf(request), request.headers['content-type'] ?? '');
    seen.push(body);
    const [, account = '', number = ''] = /^refresh-(.+)-(\d+)$/.exec(body['refresh_token'] ?? '') ?? [];
    if (server.delayMs > 0) await new Promise((done) => setTimeout(done, server.delayMs));
    const played = server.script(account);
    if (played === 'hang') return;
    const current = counts.get(account) ?? 1;
    const reused: Refusal = { status: 401, body: { error: { code: 'refresh_token_reused', message: 'used before' } } };
    const refusal = played ?? (Number(number) === current ? undefined : reused);
    if (refusal !== undefined) {
      response.writeHead(refusal.status, { 'content-type': 'application/json', ...refusal.headers });
      response.end(typeof refusal.body === 'string' ? refusal.body : JSON.stringify(refusal.body));
      return;
    }
    const next = current + 1;
    counts.set(account, next);
    response.writeHead(200, { 'content-type': 'application/json' });
    const tokens = { access_token: `access-${account}-${next}`, refresh_token: `refresh-${account}-${next}` };
    response.end(JSON.stringify({ ...tokens, token_type: 'Bearer', expires_in: server.lifeS }));
  }

  const sockets = new Set<Socket>();
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const server: IdentityServer = {
    url: `http://127.0.0.1:${port}/token`,
    seen,
    get mostAtOnce() {
      return mostAtOnce;
    },
    valid: (account) => `refresh-${account}-${counts.get(account) ?? 1}`,
    script: () => undefined,
    delayMs: 0,
    lifeS: 3600,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => listener.close(done));
    },
  };
  return server;
}

function parse(text: string, contentType: string): Readonly<Record<string, string>> {
  return contentType.includes('json') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
