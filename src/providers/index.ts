import type { Credential } from '../credentials/credential.ts';
import { antigravity } from './antigravity/index.ts';
import { claude } from './claude/index.ts';
import { codex } from './codex/index.ts';
import { deepseek } from './deepseek/index.ts';
import { echo } from './echo/index.ts';
import { fireworks } from './fireworks/index.ts';
import { gemini } from './gemini/index.ts';
import { geminiCli } from './gemini-cli/index.ts';
import { githubCopilot } from './github-copilot/index.ts';
import { groq } from './groq/index.ts';
import { iflow } from './iflow/index.ts';
import { kilo } from './kilo/index.ts';
import { kimi } from './kimi/index.ts';
import { kiro } from './kiro/index.ts';
import { minimax } from './minimax/index.ts';
import { mistral } from './mistral/index.ts';
import { novita } from './novita/index.ts';
import { openai } from './openai/index.ts';
import { openrouter } from './openrouter/index.ts';
import type { Manifest } from './provider.ts';
import { qwen } from './qwen/index.ts';
import { roocode } from './roocode/index.ts';
import { siliconflow } from './siliconflow/index.ts';
import { together } from './together/index.ts';
import { vertex } from './vertex/index.ts';
import { xai } from './xai/index.ts';

/** Every built-in provider. Makers come before resellers: among equal offers of a model the first listed is used first. */
export const providers: readonly Manifest[] = [
  claude,
  openai,
  codex,
  gemini,
  vertex,
  geminiCli,
  antigravity,
  xai,
  mistral,
  deepseek,
  kimi,
  qwen,
  minimax,
  groq,
  openrouter,
  together,
  fireworks,
  novita,
  siliconflow,
  roocode,
  githubCopilot,
  iflow,
  kilo,
  kiro,
  echo,
];

const byId: ReadonlyMap<string, Manifest> = new Map(providers.map((provider) => [provider.id, provider]));

/** The built-in provider of that id. */
export function findProvider(id: string): Manifest | undefined {
  return byId.get(id);
}

/** Credentials of the providers that answer inside this process; used when the user has none. */
export const builtInCredentials: readonly Credential[] = providers
  .filter((provider) => provider.createExecutor !== undefined)
  .map((provider) => ({
    id: `${provider.id}:built-in`,
    provider: provider.id,
    kind: 'none',
    secret: undefined,
    label: provider.label,
    source: 'builtin',
    headers: {},
    priority: 0,
    weight: 1,
    excludedModels: [],
  }));
