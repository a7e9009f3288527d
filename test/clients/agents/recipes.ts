/** How each coding agent is pointed at the proxy and run headless, as its own documentation says. */

/** What a recipe is filled with. */
export interface Setting {
  /** The proxy: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly key: string;
  readonly model: string;
  readonly home: string;
  readonly prompt: string;
}

/** One agent. */
export interface AgentRecipe {
  readonly name: string;
  /** Program in node_modules/.bin. */
  readonly program: string;
  /** The dialect it speaks to the proxy. */
  readonly dialect: string;
  /** Files to write before the run, relative to the home folder. */
  files(setting: Setting): Record<string, string>;
  env(setting: Setting): Record<string, string>;
  args(setting: Setting): string[];
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const claudeCode: AgentRecipe = {
  name: 'claude-code',
  program: 'claude',
  dialect: 'anthropic-messages',
  files: () => ({}),
  env: ({ origin, key, model }) => ({
    ANTHROPIC_BASE_URL: origin,
    ANTHROPIC_AUTH_TOKEN: key,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }),
  args: ({ model, prompt }) => ['-p', prompt, '--model', model, '--allowedTools', 'Bash'],
};

const codex: AgentRecipe = {
  name: 'codex',
  program: 'codex',
  dialect: 'openai-responses',
  files: ({ origin, model }) => ({
    '.codex/config.toml': `model = "${model}"
model_provider = "llmproxy"

[model_providers.llmproxy]
name = "llmproxy"
base_url = "${origin}/v1"
env_key = "LLMPROXY_KEY"
wire_api = "responses"
`,
  }),
  env: ({ key }) => ({ LLMPROXY_KEY: key }),
  args: ({ prompt }) => ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
};

/** Codex with a provider of the user's that is said to take WebSockets. */
export const codexSocketProvider: AgentRecipe = {
  ...codex,
  name: 'codex-socket-provider',
  files: (setting) =>
    Object.fromEntries(
      Object.entries(codex.files(setting)).map(([file, text]) => [file, `${text}supports_websockets = true\n`]),
    ),
};

/** Codex as it comes, only sent here: its own provider talks over a WebSocket. */
export const codexBuiltIn: AgentRecipe = {
  name: 'codex-built-in',
  program: 'codex',
  dialect: 'openai-responses',
  files: ({ origin, key, model }) => ({
    '.codex/config.toml': `model = "${model}"
openai_base_url = "${origin}/v1"
`,
    '.codex/auth.json': json({ OPENAI_API_KEY: key }),
  }),
  env: () => ({}),
  args: codex.args,
};

const geminiCli: AgentRecipe = {
  name: 'gemini-cli',
  program: 'gemini',
  dialect: 'gemini',
  files: () => ({
    '.gemini/settings.json': json({
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false },
    }),
  }),
  env: ({ origin, key }) => ({
    GEMINI_API_KEY: key,
    GOOGLE_GEMINI_BASE_URL: origin,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }),
  args: ({ model, prompt }) => ['-p', prompt, '-m', model, '--yolo'],
};

const qwenCode: AgentRecipe = {
  name: 'qwen-code',
  program: 'qwen',
  dialect: 'openai-chat',
  files: () => ({}),
  env: ({ origin, key, model }) => ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: `${origin}/v1`, OPENAI_MODEL: model }),
  args: ({ prompt }) => ['-p', prompt, '--auth-type', 'openai', '--yolo'],
};

const opencode: AgentRecipe = {
  name: 'opencode',
  program: 'opencode',
  dialect: 'openai-chat',
  files: ({ origin, key, model }) => ({
    '.config/opencode/opencode.json': json({
      $schema: 'https://opencode.ai/config.json',
      model: `gw/${model}`,
      small_model: `gw/${model}`,
      permission: { bash: 'allow', edit: 'allow' },
      provider: {
        gw: {
          npm: '@ai-sdk/openai-compatible',
          name: 'llmproxy',
          options: { baseURL: `${origin}/v1`, apiKey: key },
          models: { [model]: { name: model } },
        },
      },
    }),
  }),
  env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
  args: ({ model, prompt }) => ['run', '-m', `gw/${model}`, prompt],
};

export const recipes: readonly AgentRecipe[] = [claudeCode, codex, geminiCli, opencode, qwenCode];
