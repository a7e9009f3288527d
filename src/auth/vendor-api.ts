/** Asking a vendor about an account: JSON over HTTPS, with its refusals told apart. */
import { ProxyError, upstreamError } from '../errors.ts';
import { hideSecrets, secretsAmong } from './hide-secrets.ts';

/** What a question needs of the world. */
export interface VendorIo {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** A question. */
export interface VendorCall {
  readonly url: string;
  /** Default: POST with a body, else GET. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Never shown, whatever the vendor repeats of them, beside what is sent as a token, a key or a cookie. */
  readonly secrets?: readonly string[];
}

/** An answer, whatever its status. */
export interface VendorAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when it was none. */
  readonly body: unknown;
  readonly text: string;
}

/** Members of a JSON object. */
export type VendorFields = Readonly<Record<string, unknown>>;

/** Lists of models are a few hundred KB. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Asks; throws ProxyError only when there is no answer. */
export async function callVendor(call: VendorCall, io: VendorIo): Promise<VendorAnswer> {
  const { host } = new URL(call.url);
  try {
    const response = await io.fetch(call.url, {
      method: call.method ?? (call.form === undefined && call.json === undefined ? 'GET' : 'POST'),
      headers: { accept: 'application/json', ...contentType(call), ...call.headers },
      ...bodyOf(call),
      // A token goes nowhere but where it was meant to go.
      redirect: 'error',
      signal: io.signal,
    });
    const text = await textOf(response, host);
    return { ok: response.ok, status: response.status, headers: response.headers, body: parse(text), text };
  } catch (error) {
    if (error instanceof ProxyError) throw error;
    if (io.signal.aborted) throw new ProxyError('upstream_timeout', `${host} did not answer in time`, { cause: error });
    throw new ProxyError('upstream_unreachable', `${host} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
}

/** Asks for a JSON object; throws ProxyError for a refusal as well. */
export async function askVendor(call: VendorCall, io: VendorIo): Promise<VendorFields> {
  const answer = await callVendor(call, io);
  if (!answer.ok) throw vendorRefusal(call, answer);
  if (isVendorFields(answer.body)) return answer.body;
  throw new ProxyError('upstream_invalid_response', `${new URL(call.url).host} answered with something else than JSON`);
}

/** The error that a refusal is, in the vendor's own words. */
export function vendorRefusal(call: VendorCall, answer: VendorAnswer): ProxyError {
  const { code: said, message } = wordsOf(answer.body);
  const secrets = secretsOf(call);
  const code = said === undefined ? undefined : hideSecrets(said, secrets);
  const words = hideSecrets(message ?? (answer.body === undefined ? '' : answer.text), secrets);
  const { host, pathname } = new URL(call.url);
  const told = `${host}${pathname} answered ${answer.status}${code === undefined ? '' : ` ${code}`}`;
  const retryAfterMs = retryAfter(answer.headers);
  return upstreamError({
    status: answer.status,
    message: words === '' || words === code ? told : `${told}: ${words}`,
    ...(code === undefined ? {} : { code }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** True for a JSON object. */
export function isVendorFields(value: unknown): value is VendorFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none for anything else. */
export function vendorList(value: unknown): readonly VendorFields[] {
  return Array.isArray(value) ? value.filter(isVendorFields) : [];
}

/** A text that is not empty. */
export function vendorText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A number, also one that stands in quotes. */
export function vendorNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function contentType({ form, json }: VendorCall): Readonly<Record<string, string>> {
  if (form !== undefined) return { 'content-type': 'application/x-www-form-urlencoded' };
  return json === undefined ? {} : { 'content-type': 'application/json' };
}

function bodyOf({ form, json }: VendorCall): { readonly body?: string } {
  if (form !== undefined) return { body: new URLSearchParams(form).toString() };
  return json === undefined ? {} : { body: JSON.stringify(json) };
}

async function textOf(response: Response, host: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new ProxyError('upstream_invalid_response', `${host} answered with too much`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{ error: 'code', error_description }`, `{ error: { code, message } }`, `{ code, message }`. */
function wordsOf(body: unknown): { readonly code: string | undefined; readonly message: string | undefined } {
  const fields = isVendorFields(body) ? body : {};
  const { error } = fields;
  const nested = isVendorFields(error) ? error : {};
  const code =
    vendorText(error) ?? vendorText(nested['code']) ?? vendorText(nested['type']) ?? vendorText(fields['code']);
  const message =
    vendorText(fields['error_description']) ??
    vendorText(nested['message']) ??
    vendorText(fields['message']) ??
    vendorText(fields['msg']) ??
    code;
  return { code, message };
}

function secretsOf({ headers = {}, form = {}, json, secrets = [] }: VendorCall): readonly string[] {
  return [...secrets, ...[headers, form, isVendorFields(json) ? json : {}].flatMap(secretsAmong)];
}

function retryAfter(headers: Headers): number | undefined {
  const text = headers.get('retry-after') ?? '';
  if (text === '') return undefined;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  const waitMs = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return waitMs > 0 ? waitMs : undefined;
}

function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
