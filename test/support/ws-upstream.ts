/** An upstream whose Responses API takes WebSockets; every frame is answered as the test scripts it. */
import { createServer, type IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Wire } from './scripted-upstream/index.ts';

/** One frame that came. */
export interface SeenFrame {
  /** Which connection, counted from 0. */
  readonly connection: number;
  readonly frame: Wire;
  readonly headers: IncomingMessage['headers'];
  readonly socket: WebSocket;
}

/** A running upstream. */
export interface WsUpstream {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly seen: SeenFrame[];
  /** Bodies of plain requests. */
  readonly posts: Wire[];
  /** Sends the answer to a frame. */
  answer(seen: SeenFrame, index: number): void;
  /** A status instead of the upgrade; 0: upgrade. */
  refuse(headers: IncomingMessage['headers']): number;
  open(): number;
  close(): Promise<void>;
}

/** The events of an answer with one message. */
export function answerEvents(id: string, text: string): Wire[] {
  const response = { id, object: 'response', created_at: 1, status: 'in_progress', model: 'up', output: [] };
  const item = {
    type: 'message',
    id: `msg_${id}`,
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  };
  const usage = {
    input_tokens: 3,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 2,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 5,
  };
  return [
    { type: 'response.created', sequence_number: 0, response },
    {
      type: 'response.output_text.delta',
      sequence_number: 1,
      item_id: item.id,
      output_index: 0,
      content_index: 0,
      delta: text,
    },
    { type: 'response.output_item.done', sequence_number: 2, output_index: 0, item },
    {
      type: 'response.completed',
      sequence_number: 3,
      response: { ...response, status: 'completed', output: [item], usage },
    },
  ];
}

/** Starts one; by default each frame gets the answer `over ws N`. */
export async function startWsUpstream(): Promise<WsUpstream> {
  const seen: SeenFrame[] = [];
  const posts: Wire[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  let connections = 0;
  const upstream: WsUpstream = {
    origin: '',
    seen,
    posts,
    answer({ socket }, index) {
      for (const event of answerEvents(`resp_${index}`, `over ws ${index}`)) socket.send(JSON.stringify(event));
    },
    refuse: () => 0,
    open: () => sockets.clients.size,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method !== 'POST') return void response.end();
    posts.push(JSON.parse(body));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of answerEvents(`resp_http_${posts.length}`, 'over http')) {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    response.end();
  });
  server.on('upgrade', (request, socket, head) => {
    const status = upstream.refuse(request.headers);
    if (status !== 0) {
      const text = JSON.stringify({ error: { message: `refused ${status}`, type: 'server_error', code: 'refused' } });
      const lines = [`HTTP/1.1 ${status} No`, 'content-type: application/json', `content-length: ${text.length}`];
      socket.end(`${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${text}`);
      return;
    }
    const connection = connections++;
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data) => {
        const entry = { connection, frame: JSON.parse(String(data)), headers: request.headers, socket: client };
        upstream.answer(entry, seen.push(entry) - 1);
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return Object.assign(upstream, { origin: `http://127.0.0.1:${port}` });
}
