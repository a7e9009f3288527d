/** A TCP front of a server that passes everything on and records the first line of each HTTP request. */
import { connect, createServer, type Socket } from 'node:net';

/** A running front. */
export interface RecordingFront {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** `GET /v1/responses (upgrade)`, `POST /v1/responses`, ..., in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts a front of the server at an origin. */
export async function startRecordingFront(origin: string): Promise<RecordingFront> {
  const target = new URL(origin);
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    let upgraded = false;
    client.on('data', (chunk: Buffer) => {
      // What follows an upgrade is no HTTP.
      if (upgraded) return;
      const head = /^([A-Z]+ \S+) HTTP\/1\.1\r\n([\s\S]*)/.exec(chunk.toString('latin1'));
      if (head === null) return;
      upgraded = /^upgrade: *websocket/im.test(head[2] ?? '');
      requests.push(`${head[1]}${upgraded ? ' (upgrade)' : ''}`);
    });
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
