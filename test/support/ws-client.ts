/** A bare WebSocket client: frames as they come, in order, and how the connection ended. */
import { type ClientOptions, WebSocket } from 'ws';
import type { Wire } from './scripted-upstream/index.ts';

/** A connection under test. */
export interface WsClient {
  readonly socket: WebSocket;
  /** Headers of the answer to the handshake. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Every frame so far, parsed. */
  readonly frames: Wire[];
  /** Resolves when the connection has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(frame: Wire): void;
  /** The next frame that nobody has taken yet. */
  next(): Promise<Wire>;
  /** Takes frames up to and including the first one that ends an answer or is an error. */
  answer(): Promise<Wire[]>;
}

const TERMINAL = /^(response\.(completed|incomplete|failed)|error)$/;

/** Connects; rejects with `status` and `body` of a refusal. */
export async function connectWs(url: string, key: string | undefined, options: ClientOptions = {}): Promise<WsClient> {
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const socket = new WebSocket(url.replace(/^http/, 'ws'), {
    ...options,
    headers: { ...authorization, ...options.headers },
  });
  const frames: Wire[] = [];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const each of waiting.splice(0)) each();
  };
  let taken = 0;
  let ended = false;
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((done) =>
    socket.once('close', (code, reason) => {
      ended = true;
      done({ code, reason: reason.toString() });
      wake();
    }),
  );
  let headers: WsClient['headers'] = {};
  socket.once('upgrade', (response) => {
    headers = response.headers;
  });
  await new Promise<void>((done, reject) => {
    socket.once('open', done);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => reject(Object.assign(new Error('refused'), { status: response.statusCode, body })));
    });
  });
  socket.on('error', () => {});
  const next = async (): Promise<Wire> => {
    while (taken >= frames.length) {
      if (ended) throw new Error('the connection ended');
      await new Promise<void>((done) => waiting.push(done));
    }
    return frames[taken++];
  };
  return {
    socket,
    headers,
    frames,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    next,
    async answer() {
      const all: Wire[] = [];
      for (;;) {
        const frame = await next();
        all.push(frame);
        if (TERMINAL.test(frame.type)) return all;
      }
    },
  };
}

/** The text of an answer's frames. */
export function textOf(frames: readonly Wire[]): string {
  return frames.map((frame) => (frame.type === 'response.output_text.delta' ? frame.delta : '')).join('');
}
