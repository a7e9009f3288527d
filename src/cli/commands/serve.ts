import {
  createFirstConfig,
  type FirstRun,
  findConfigFile,
  formatWarning,
  type LlmProxy,
  type LoadedConfig,
  type LoadOptions,
  loadConfig,
  type ProxyOptions,
  parseConfig,
} from '../../index.ts';
import { clientSnippets, formatSnippets } from '../snippets.ts';
import { explainStartError } from '../start-error.ts';

/** Flags of `llmproxy serve` as the command line gave them. */
export interface ServeFlags {
  readonly config?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly logLevel?: string | undefined;
}

/** The process around the command; tests put their own here. */
export interface ServeContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  createProxy(options: ProxyOptions): Promise<LlmProxy>;
  out(line: string): void;
  warn(line: string): void;
  /** Resolves when the process is asked to stop. */
  readonly stopped: Promise<void>;
  /** Calls back each time the process is asked to read its configuration anew. */
  onReload(reload: () => void): void;
}

/** Serves until asked to stop. Resolves with the exit code; never rejects for errors of the start. */
export async function serve(flags: ServeFlags, context: ServeContext): Promise<number> {
  let loaded: LoadedConfig | undefined;
  let proxy: LlmProxy;
  try {
    const options = loadOptions(flags, context);
    const first = await prepareFirstRun(options, context);
    loaded = await loadConfig(options);
    for (const warning of loaded.warnings) context.warn(`warning: ${formatWarning(warning, loaded.file)}`);
    proxy = await context.createProxy({ config: loaded, env: context.env, source: options });
    for (const warning of proxy.warnings) context.warn(`warning: ${warning}`);
    const { url } = await proxy.listen();
    // What is wrong with the configuration stands in the log.
    context.onReload(() => void proxy.reload().catch(() => undefined));
    context.out(`listening on ${url}`);
    greet(proxy, url, first, context);
  } catch (error) {
    const { line, exitCode } = explainStartError(error, loaded?.config);
    context.warn(line);
    return exitCode;
  }
  await context.stopped;
  await proxy.close();
  return 0;
}

function loadOptions(flags: ServeFlags, context: ServeContext): LoadOptions {
  return {
    file: flags.config,
    env: context.env,
    directory: context.directory,
    flags: { host: flags.host, port: flags.port, 'log-level': flags.logLevel },
  };
}

/** Creates the first configuration when there is none and the environment brings no client keys either. */
async function prepareFirstRun(options: LoadOptions, context: ServeContext): Promise<FirstRun | undefined> {
  if (findConfigFile(options) !== undefined || options.env['CLI_PROXY_API_KEYS']) return undefined;
  // Wrong flags must not leave a file behind.
  parseConfig({ env: options.env, flags: options.flags ?? {} });
  const first = await createFirstConfig(options.env);
  context.out(`created ${first.file} with a client key, shown only now: ${first.key}`);
  return first;
}

function greet(proxy: LlmProxy, url: string, first: FirstRun | undefined, context: ServeContext): void {
  if (proxy.echoOnly) {
    context.warn(
      'warning: no provider key found; only the built-in model echo answers. Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY, or add a key to the configuration.',
    );
  }
  if (first === undefined) return;
  const model = proxy.models[0] ?? 'auto';
  // Nobody can connect to the address that stands for every interface, at least not on every system.
  const reachable = url.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:)/, '//127.0.0.1');
  context.out(`\n${formatSnippets(clientSnippets({ url: reachable, key: first.key, model }))}\n`);
}
