import type { TranslationWarning } from '../ir/index.ts';
import type { UpstreamHeaders } from './answer-writer.ts';

/** Names the paths that the upstream's dialect could not carry. */
export const DROPPED_HEADER = 'x-llmproxy-dropped';
/** The request's id in llmproxy's log. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** `provider/model` that answered, where it is not the one that the client asked for. */
export const MODEL_HEADER = 'x-llmproxy-model';
const DROPPED_LIMIT = 2048;

/** Belong to one connection or one encoding of the body, or are set by llmproxy itself. */
const NOT_PASSED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
  'content-type',
  'date',
  'server',
  'set-cookie',
  'alt-svc',
  'retry-after',
  REQUEST_ID_HEADER,
]);

/** Browsers obey them for llmproxy's origin, or they describe a gateway between here and the provider. */
const NOT_PASSED_PREFIXES = ['access-control-', 'x-litellm-', 'helicone-', 'x-portkey-', 'cf-aig-', 'x-kong-', 'x-bt-'];

/** Copies the upstream's end-to-end headers into a reply's. */
export function copyUpstreamHeaders(from: UpstreamHeaders, to: Record<string, string>): void {
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || NOT_PASSED.has(name) || Object.hasOwn(to, name)) continue;
    if (NOT_PASSED_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
    to[name] = typeof value === 'string' ? value : value.join(', ');
  }
}

/** The value of `x-llmproxy-dropped`: percent-encoded paths, at most 2 KB, `+N` for those that did not fit. */
export function formatDropped(warnings: readonly TranslationWarning[]): string {
  const paths = [...new Set(warnings.map((warning) => encodePath(warning.path)))];
  let text = '';
  for (const [index, path] of paths.entries()) {
    const next = index === 0 ? path : `${text}, ${path}`;
    if (next.length > DROPPED_LIMIT - 8) return `${text}${text === '' ? '' : ', '}+${paths.length - index}`;
    text = next;
  }
  return text;
}

function encodePath(path: string): string {
  return path.replace(/[^\x21-\x24\x26-\x2b\x2d-\x7e]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
