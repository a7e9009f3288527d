import { z } from 'zod';
import { field, proxyUrl, type Shape, section, textList, whole } from './field.ts';

/** Seconds an upstream may take. */
export interface UpstreamTimeouts {
  readonly connect: number;
  readonly 'first-byte': number;
  readonly idle: number;
  readonly stall: number;
}

/** Who may manage. */
export interface ManagementConfig {
  readonly 'allow-remote': boolean;
  readonly 'secret-key': string;
}

/** Listener, access and limits of the process itself. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly 'api-keys': readonly string[];
  readonly strict: boolean;
  readonly 'prompt-caching': boolean;
  readonly 'body-limit-mb': number;
  readonly 'shutdown-timeout-seconds': number;
  readonly 'upstream-timeouts': UpstreamTimeouts;
  readonly 'proxy-url': string;
  readonly 'remote-management': ManagementConfig;
}

const timeout = (seconds: number, description: string): z.ZodType<number> =>
  field(z.number().min(0).max(86_400).default(seconds), 'now', `${description}, in seconds; 0 waits without limit.`);

/** Keys of the listener, of access and of the process. */
export const serverShape: Shape<ServerConfig> = {
  host: field(
    z.string().trim().default('127.0.0.1'),
    'now',
    'Address to listen on. Empty: every interface, which needs at least one client key in api-keys.',
  ),
  port: field(whole(0, 65_535).default(8317), 'now', 'Port to listen on; 0 takes any free one.'),
  'api-keys': field(
    textList(),
    'now',
    'Keys that clients must present. Without any, everybody on this machine may use the proxy.',
    { example: ['your-api-key-1'] },
  ),
  strict: field(
    z.boolean().default(false),
    'now',
    'Answer 400 instead of sending a request from which the translation had to drop something. Per request: header x-llmproxy-strict: 1.',
  ),
  'prompt-caching': field(
    z.boolean().default(true),
    'now',
    'In translated requests, set cache breakpoints for Claude and derive prompt_cache_key for OpenAI where the client gave none.',
  ),
  'body-limit-mb': field(
    z.number().gt(0).max(4096).default(64),
    'now',
    'Largest request body, in MiB after decompression.',
  ),
  'shutdown-timeout-seconds': field(
    z.number().min(0).max(3600).default(10),
    'now',
    'How long running streams may finish after SIGINT or SIGTERM, in seconds.',
  ),
  'upstream-timeouts': field(
    section<UpstreamTimeouts>({
      connect: timeout(10, 'Until the connection to the provider stands'),
      'first-byte': timeout(300, 'Until the first byte of the answer'),
      idle: timeout(300, 'Between two pieces of the answer'),
      stall: timeout(600, 'For a stream that is kept open but brings nothing of the answer'),
    }),
    'now',
    'How long to wait for a provider.',
  ),
  'proxy-url': field(
    proxyUrl(),
    'now',
    'Proxy for requests to providers: http, https, socks5 or socks5h URL. direct or none ignores the proxy of the environment; empty inherits it.',
  ),
  'remote-management': field(
    section<ManagementConfig>(
      {
        'allow-remote': field(z.boolean().default(false), 'now', 'Allow management from other machines.'),
        'secret-key': field(
          z.string().trim().default(''),
          'now',
          'Management key, plain or as a bcrypt hash; without it there is no management API.',
        ),
      },
      {
        'disable-control-panel': field(z.boolean().default(false), 'later', 'Do not serve the control panel.'),
        'disable-auto-update-panel': field(z.boolean().default(false), 'never', 'Do not update the panel by itself.', {
          note: 'has no effect: the dashboard is part of llmproxy and downloads nothing',
        }),
        'panel-github-repository': field(z.string().default(''), 'never', 'Where the control panel comes from.', {
          note: 'has no effect: the dashboard is part of llmproxy and downloads nothing',
        }),
      },
    ),
    'now',
    'The management API.',
  ),
};

/** Keys of the listener and of management that nothing reads yet. */
export const serverLaterShape: Readonly<Record<string, z.ZodType>> = {
  tls: field(
    section({
      enable: field(z.boolean().default(false), 'later', 'Serve HTTPS.'),
      cert: field(z.string().default(''), 'later', 'Certificate file (PEM).'),
      key: field(z.string().default(''), 'later', 'Private key file (PEM).'),
    }),
    'later',
    'HTTPS on the listener.',
    { note: 'is not supported yet: the listener serves plain HTTP, put a TLS proxy in front of it' },
  ),
  'ws-auth': field(z.boolean().default(true), 'later', 'Client keys are required on the relay websocket too.'),
  pprof: field(
    section({
      enable: field(z.boolean().default(false), 'never', 'Start the profiling server.'),
      addr: field(z.string().default('127.0.0.1:8316'), 'never', 'Its address.'),
    }),
    'never',
    'Profiling server of the Go program.',
    { note: 'has no effect: use node --inspect or --cpu-prof' },
  ),
  plugins: field(
    section({
      enabled: field(z.boolean().default(false), 'never', 'Load plugins.'),
      dir: field(z.string().default('plugins'), 'never', 'Directory of the plugins.'),
      'store-sources': field(z.array(z.string()).default([]), 'never', 'Additional plugin registries.'),
      'store-auth': field(z.array(z.record(z.string(), z.unknown())).default([]), 'never', 'Access to registries.'),
      'auth-revision': field(z.number().default(0), 'never', 'Set by a remote controller.'),
      configs: field(z.record(z.string(), z.unknown()).default({}), 'never', 'Settings per plugin.'),
    }),
    'never',
    'Native plugins.',
    { note: 'has no effect: llmproxy is extended through its library, not through native plugins' },
  ),
  'credential-concurrency': field(
    z.record(z.string(), z.unknown()).default({}),
    'never',
    'Set by a remote controller.',
    {
      note: 'has no effect: it belongs to a remote controller that llmproxy does not have',
    },
  ),
  'credential-in-flight': field(z.record(z.string(), z.unknown()).default({}), 'never', 'Set by a remote controller.', {
    note: 'has no effect: it belongs to a remote controller that llmproxy does not have',
  }),
};
