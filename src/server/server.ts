import { createDispatch, type DispatchOptions } from './dispatch.ts';
import { createFetchDoor } from './fetch-door.ts';
import { type Address, createListener } from './listener.ts';
import { type DrainState, NodeBody, NodeReply } from './node-exchange.ts';
import { RequestHead } from './request-head.ts';
import { createSocketDoor } from './websocket/socket-door.ts';

/** Everything the data plane needs. */
export interface ServerOptions extends DispatchOptions {
  /** A fresh id for each request, unique within the log. */
  newRequestId(): string;
  /** How many sockets share the port; the default suits the platform. */
  readonly sockets?: number;
}

/** The data plane with its doors. */
export interface Server {
  /** Doors 1 and 3: HTTP and WebSockets. Rejects with the system's error (`EADDRINUSE`, ...). */
  listen(host: string, port: number): Promise<Address>;
  /** Lets answers under way finish for up to `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
  /** Door 2: the same without a socket. */
  fetch(request: Request): Promise<Response>;
}

/** Creates the data plane; nothing listens before `listen`. */
export function createServer(options: ServerOptions): Server {
  const dispatch = createDispatch(options);
  const state: DrainState = { draining: false };
  const sockets = createSocketDoor({ ...options, codec: options.codecs.responses });
  const listener = createListener({
    upgrades: sockets,
    ...(options.sockets === undefined ? {} : { sockets: options.sockets }),
    onRequest(request, response) {
      const requestId = options.newRequestId();
      const head = new RequestHead(request.method ?? 'GET', request.url ?? '/', request.headers, requestId);
      dispatch(head, new NodeBody(request), new NodeReply(request, response, requestId, state));
    },
    onDrain() {
      state.draining = true;
      sockets.drain();
    },
  });
  return {
    listen: listener.listen,
    close: listener.close,
    fetch: createFetchDoor(dispatch, options.newRequestId),
  };
}
