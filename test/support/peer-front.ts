/** A listener in front of a server that remembers from which address every connection came, and passes it on. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A running front. */
export interface PeerFront {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** The address of every connection so far, in order. */
  readonly peers: string[];
  close(): Promise<void>;
}

/** Starts one in front of an `http://127.0.0.1:PORT`. */
export async function startPeerFront(target: string): Promise<PeerFront> {
  const sockets = new Set<Socket>();
  const peers: string[] = [];
  const server = createServer((socket) => {
    peers.push(socket.remoteAddress ?? 'unknown');
    const onward = connect(Number(new URL(target).port), '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        sockets.delete(one);
        other.destroySoon();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // cast: a TCP server's address is an AddressInfo once it listens
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    peers,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
