/** What CLIProxyAPI, and control panels written for it, call a provider and its logins, where that is not its id. */
export interface WebName {
  /** Id of the manifest. */
  readonly provider: string;
  /** In `<name>-auth-url`; absent: the id. */
  readonly name?: string;
  /** Other names that panels send for it. */
  readonly aliases?: readonly string[];
  /** In `/<name>/callback`; absent: as in `<name>-auth-url`. */
  readonly callback?: string;
  /** Ids of its methods by the names that panels give them; such a provider's address is told with the status. */
  readonly methods?: Readonly<Record<string, string>>;
  /** Flags of its command line beside `<id>-login`, and the options of our login that they stand for. */
  readonly flags?: Readonly<Record<string, readonly string[]>>;
}

/** A provider that is not listed here goes by its id. */
export const webNames: readonly WebName[] = [
  { provider: 'claude', name: 'anthropic', aliases: ['claude'] },
  { provider: 'codex', aliases: ['openai'] },
  { provider: 'gemini-cli', aliases: ['gemini', 'google'], callback: 'google', flags: { login: [] } },
  { provider: 'antigravity', aliases: ['anti-gravity'] },
  { provider: 'xai', aliases: ['x-ai', 'x.ai', 'grok'] },
  { provider: 'github-copilot', aliases: ['copilot', 'github'] },
  { provider: 'iflow', flags: { 'iflow-cookie': ['--method', 'cookie'] } },
  {
    provider: 'kiro',
    methods: {
      aws: 'builder-id',
      'builder-id': 'builder-id',
      idc: 'identity-center',
      google: 'google',
      github: 'github',
    },
    flags: {
      'kiro-aws-login': ['--method', 'builder-id'],
      'kiro-aws-authcode': ['--method', 'builder-id-browser'],
      'kiro-google-login': ['--method', 'google'],
      'kiro-idc-login': ['--method', 'identity-center'],
      'kiro-import': ['--import'],
    },
  },
];
