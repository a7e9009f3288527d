import { randomUUID } from 'node:crypto';
import type { Executor, UpstreamCall, UpstreamHandle, UpstreamSink } from '../../executors/executor.ts';
import { parseJsonObject } from '../../ir/read.ts';
import { echoStream, echoWhole } from './reply.ts';

/** Answers chat requests inside this process. */
export function createEchoExecutor(): Executor {
  return { send: (call, sink) => play(reply(call), sink) };
}

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly chunks: readonly string[];
}

function reply(call: UpstreamCall): Reply {
  const body = parseJsonObject(call.body?.toString() ?? '');
  if (body === undefined) {
    const error = { message: 'the body is not a JSON object', type: 'invalid_request_error', param: null, code: null };
    return { status: 400, contentType: 'application/json', chunks: [JSON.stringify({ error })] };
  }
  const stamp = { id: `chatcmpl-${randomUUID()}`, createdS: Math.floor(Date.now() / 1000) };
  if (body['stream'] === true) {
    return { status: 200, contentType: 'text/event-stream', chunks: echoStream(body, stamp) };
  }
  return { status: 200, contentType: 'application/json', chunks: [JSON.stringify(echoWhole(body, stamp))] };
}

/** Writes one chunk per turn of the event loop, as an upstream would; waits while the sink is full. */
function play({ status, contentType, chunks }: Reply, sink: UpstreamSink): UpstreamHandle {
  let next = 0;
  let paused = false;
  let timer: NodeJS.Immediate | undefined = setImmediate(start);

  function start(): void {
    sink.head(status, { 'content-type': contentType });
    // The sink may have aborted from within.
    if (timer !== undefined) step();
  }

  function step(): void {
    const chunk = chunks[next++];
    if (chunk === undefined) {
      timer = undefined;
      sink.end();
      return;
    }
    paused = !sink.data(Buffer.from(chunk));
    if (timer !== undefined && !paused) timer = setImmediate(step);
  }

  return {
    resume() {
      if (!paused || timer === undefined) return;
      paused = false;
      timer = setImmediate(step);
    },
    abort() {
      clearImmediate(timer);
      timer = undefined;
    },
  };
}
