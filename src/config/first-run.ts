import { randomInt } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProxyError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { userConfigFile } from './load.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The file that was made and the client key in it; the key is shown once and stands nowhere else. */
export interface FirstRun {
  readonly file: string;
  readonly key: string;
}

/** A random client key: `sk-llmproxy-` and 40 base62 characters (238 bits). */
export function createClientKey(): string {
  // randomInt has no modulo bias.
  return `sk-llmproxy-${Array.from({ length: 40 }, () => base62[randomInt(base62.length)]).join('')}`;
}

/** Writes the user's first configuration, readable by nobody else, with one random client key. Never overwrites a file. */
export async function createFirstConfig(env: Readonly<Record<string, string | undefined>>): Promise<FirstRun> {
  const file = userConfigFile(env);
  const key = createClientKey();
  try {
    makeFolder(dirname(file));
    await writeFile(file, firstConfig(key), { mode: 0o600, flag: 'wx' });
    // The umask may have taken bits, an ACL may have added some.
    await chmod(file, 0o600);
  } catch (error) {
    throw new ProxyError('invalid_config', `${file}: cannot create the configuration; name one with --config`, {
      cause: error,
    });
  }
  return { file, key };
}

function firstConfig(key: string): string {
  return `# Configuration of llmproxy. Every key with its meaning: docs/reference/configuration.md
host: 127.0.0.1
port: 8317

# Clients present one of these keys.
api-keys:
  - ${key}

# Provider keys are also taken from the environment: ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY, ...
# claude-api-key:
#   - api-key: your-provider-key

# Any server that speaks OpenAI Chat, such as llama.cpp, vLLM or Ollama:
# openai-compatibility:
#   - name: local
#     base-url: http://127.0.0.1:11434/v1
#     models:
#       - name: your-model
`;
}
