/** Clients that are tested as their users run them, pinned: a newer one is a change that somebody looks at. */
export const agents = {
  '@anthropic-ai/claude-code': '2.1.330',
  '@google/gemini-cli': '0.61.0',
  '@openai/codex': '0.169.0',
  '@qwen-code/qwen-code': '0.24.4',
  'opencode-ai': '1.18.33',
} as const;

/** Packages whose install script fetches or unpacks the program itself. */
export const agentScripts = ['@anthropic-ai/claude-code', 'opencode-ai'] as const;

/** Official Python SDKs, current and previous major where both are in use. */
export const pythonEnvironments = {
  'sdk-current': ['openai==3.54.0', 'anthropic==2.12.0', 'google-genai==3.4.0'],
  'sdk-previous': ['openai==2.54.0', 'anthropic==1.17.0', 'google-genai==2.34.0'],
  // Later releases need packages that cannot be installed together.
  litellm: ['litellm[proxy]==1.81.10'],
  // Checks answers against the vendors' own specifications.
  'llm-comply': ['llm-comply==0.5.0'],
} as const;

/** The environment of `npm run test:models`, which `npm test` does not install. */
export const modelEnvironment = 'models';

/** llama.cpp's own HTTP server as a ready-made wheel (no compiler, no torch), and the writer of its model files. */
export const modelPackages = ['xllamacpp==2026.10.11549', 'gguf==0.19.0'] as const;
