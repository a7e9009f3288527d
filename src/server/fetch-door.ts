import { ProxyError } from '../errors.ts';
import { type BodyReceiver, type BodySource, bodyTooLarge, declaredLength, emptyBody } from './body.ts';
import type { Dispatch } from './dispatch.ts';
import { FetchReply } from './fetch-reply.ts';
import { RequestHead } from './request-head.ts';

/** Door 2: web request in, web response out, through the same dispatcher as the listener. */
export function createFetchDoor(
  dispatch: Dispatch,
  newRequestId: () => string,
): (request: Request) => Promise<Response> {
  return (request) => {
    const requestId = newRequestId();
    const url = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const head = new RequestHead(request.method, url.pathname + url.search, headers, requestId);
    const reply = new FetchReply(request, requestId);
    dispatch(head, new FetchBody(request), reply);
    return reply.response;
  };
}

class FetchBody implements BodySource {
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  read(limitBytes: number, receive: BodyReceiver): void {
    const declared = declaredLength(this.#request.headers.get('content-length') ?? undefined);
    if ((declared ?? 0) > limitBytes) {
      receive(bodyTooLarge(limitBytes), emptyBody);
      return;
    }
    collect(this.#request, limitBytes).then(
      (bytes) => receive(undefined, bytes),
      (thrown) => receive(asBodyError(thrown), emptyBody),
    );
  }
}

async function collect(request: Request, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes) throw bodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function asBodyError(thrown: unknown): ProxyError {
  if (thrown instanceof ProxyError) return thrown;
  return new ProxyError('client_closed', 'the request body broke off', { cause: thrown });
}
