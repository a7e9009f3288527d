import {
  type ExplainQuestion,
  type Explanation,
  explainStored,
  type LoadedConfig,
  loadConfig,
  ProxyError,
} from '../../index.ts';
import { formatExplanation } from '../explain-text.ts';
import { explainStartError } from '../start-error.ts';

/** Flags of `llmproxy explain` as the command line gave them. */
export interface ExplainFlags {
  readonly model: string;
  readonly session?: string | undefined;
  readonly tools?: boolean | undefined;
  readonly vision?: boolean | undefined;
  readonly stream?: boolean | undefined;
  readonly tokens?: string | undefined;
  readonly json?: boolean | undefined;
  readonly config?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/** The process around the command; tests put their own here. */
export interface ExplainContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly fetch: typeof fetch;
  out(line: string): void;
  warn(line: string): void;
}

const TIMEOUT_MS = 5000;

/** `llmproxy explain`: asks the running gateway, else what is stored. Resolves with the exit code. */
export async function explain(flags: ExplainFlags, context: ExplainContext): Promise<number> {
  try {
    const { env, directory } = context;
    const loaded = await loadConfig({ file: flags.config, env, directory });
    const question = questionOf(flags);
    const answer = await askServer(question, flags, loaded, context);
    const isStored = 'unasked' in answer;
    if (isStored)
      context.warn(`${answer.unasked}: explained from the configuration, the accounts and the stored state`);
    const explanation = isStored ? await explainStored({ config: loaded, env }, question) : answer.explanation;
    context.out(flags.json === true ? JSON.stringify(explanation, undefined, 2) : formatExplanation(explanation));
    return 0;
  } catch (error) {
    if (error instanceof ProxyError && error.code !== 'invalid_config') {
      context.warn(`llmproxy: ${error.message}`);
      return 1;
    }
    const { line, exitCode } = explainStartError(error, undefined);
    context.warn(line);
    return exitCode;
  }
}

function questionOf({ model, session, stream, tools, vision, tokens }: ExplainFlags): ExplainQuestion {
  const count = Number(tokens);
  return {
    model,
    ...(session === undefined ? {} : { session }),
    ...(stream === true ? { stream } : {}),
    ...(tools === true ? { tools } : {}),
    ...(vision === true ? { vision } : {}),
    ...(Number.isSafeInteger(count) && count > 0 ? { tokens: count } : {}),
  };
}

type Answer = { readonly explanation: Explanation } | { readonly unasked: string };

async function askServer(
  question: ExplainQuestion,
  flags: ExplainFlags,
  { config }: LoadedConfig,
  { env, fetch }: ExplainContext,
): Promise<Answer> {
  const key = flags.key || env['LLMPROXY_MANAGEMENT_KEY'] || env['MANAGEMENT_PASSWORD'];
  if (!key) return { unasked: 'no management key (--key, $LLMPROXY_MANAGEMENT_KEY)' };
  const origin = flags.url ?? `http://${reachable(config.host)}:${config.port}`;
  const url = new URL('/v0/management/explain', origin);
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, String(value));
  let response: Response;
  try {
    const headers = { authorization: `Bearer ${key}` };
    response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return { unasked: `no gateway answers at ${url.origin}` };
  }
  // cast: the same program answers; a strange one is found out by what is missing
  const body = (await response.json().catch(() => ({}))) as Partial<Explanation> & { readonly error?: unknown };
  // cast: the lists tell an explanation from everything else
  if (response.ok && Array.isArray(body.candidates)) return { explanation: body as Explanation };
  if (typeof body.error === 'string') throw new ProxyError('not_found', body.error);
  return { unasked: `what answers at ${url.origin} is no llmproxy of this version` };
}

/** The address that stands for every interface cannot be called. */
function reachable(host: string): string {
  if (host === '' || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
