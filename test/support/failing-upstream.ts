/** An upstream that answers each credential (and model) as a test says, behind a pipeline or a gateway. */
import { chatAnswer, chatStream, type LocalUpstream, startUpstream, type UpstreamHandler } from './pipeline-harness.ts';

/** Answers with a whole chat completion, or a stream where one is asked for. */
export const sendAnswer: UpstreamHandler = (_request, response, body) => {
  if (body.includes('"stream":true')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(chatStream('hello').join(''));
  } else response.setHeader('content-type', 'application/json').end(JSON.stringify(chatAnswer));
};

/** Refuses with this status and these words. */
export function refuse(status: number, message = `no: ${status}`, more: object = {}): UpstreamHandler {
  return (_request, response) => {
    const body = JSON.stringify({ error: { message, type: 'their_type', ...more } });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
}

/** Never answers. */
export const hang: UpstreamHandler = () => {};

/** Cuts the connection. */
export const cut: UpstreamHandler = (request) => void request.socket.destroy();

/** An upstream, and what it has seen: the last part of the secret and the model, as `c1 m`. */
export interface FailingUpstream extends LocalUpstream {
  readonly asked: string[];
  /** By `credential model`, `credential`, or model; `sendAnswer` for all others. */
  answers: Record<string, UpstreamHandler>;
}

/** Starts an upstream that answers everybody. */
export async function startFailingUpstream(): Promise<FailingUpstream> {
  const asked: string[] = [];
  const state: { answers: Record<string, UpstreamHandler> } = { answers: {} };
  const upstream = await startUpstream((request, response, body) => {
    const id = /fake-secret-([\w.]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    const model = /"model":"([^"]*)"/.exec(body)?.[1] ?? '';
    asked.push(`${id} ${model}`);
    const { answers } = state;
    (answers[`${id} ${model}`] ?? answers[id] ?? answers[model] ?? sendAnswer)(request, response, body);
  });
  return Object.assign(state, upstream, { asked });
}
