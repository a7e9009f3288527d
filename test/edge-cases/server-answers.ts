/** What a server of a case answers. */
import type { UpstreamHandler } from '../support/pipeline-harness.ts';
import type { Wire } from '../support/scripted-upstream/index.ts';

/** JSON with this status. */
export function jsonAnswer(body: Wire, status = 200, headers: Readonly<Record<string, string>> = {}): UpstreamHandler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** An SSE stream. */
export function streamAnswer(text: string): UpstreamHandler {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(text);
  };
}

/** Claude's error. */
export function claudeError(type: string, words = 'words of the upstream'): Wire {
  return { type: 'error', error: { type, message: words } };
}

/** The key that a call came with. */
export function keyOf({ headers }: Parameters<UpstreamHandler>[0]): string {
  return String(headers.authorization ?? headers['x-api-key']).replace('Bearer ', '');
}
