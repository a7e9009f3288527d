/** What the snippets are filled with. */
export interface SnippetFacts {
  /** `http://127.0.0.1:8317` */
  readonly url: string;
  readonly key: string;
  readonly model: string;
}

/** A ready-to-paste setup of one client. */
export interface Snippet {
  readonly title: string;
  readonly text: string;
}

/** How to point the common clients at the proxy. */
export function clientSnippets(facts: SnippetFacts): Snippet[] {
  return [curl(facts), claudeCode(facts), codex(facts), geminiCli(facts), opencode(facts)];
}

/** The snippets as text for a terminal. */
export function formatSnippets(snippets: readonly Snippet[]): string {
  return snippets.map(({ title, text }) => `${title}\n${indent(text)}`).join('\n\n');
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function curl({ url, key, model }: SnippetFacts): Snippet {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] });
  return {
    title: 'curl',
    text: `curl ${url}/v1/chat/completions \\
  -H ${quote(`Authorization: Bearer ${key}`)} \\
  -H 'Content-Type: application/json' \\
  -d ${quote(body)}`,
  };
}

function claudeCode({ url, key, model }: SnippetFacts): Snippet {
  return {
    title: 'Claude Code',
    // Its small tasks go to a Haiku model that the proxy may not serve.
    text: `export ANTHROPIC_BASE_URL=${quote(url)}
export ANTHROPIC_AUTH_TOKEN=${quote(key)}
export ANTHROPIC_DEFAULT_HAIKU_MODEL=${quote(model)}
claude --model ${quote(model)}`,
  };
}

function codex({ url, key, model }: SnippetFacts): Snippet {
  return {
    title: `Codex (~/.codex/config.toml; in the shell: export LLMPROXY_KEY=${quote(key)})`,
    text: `model = ${JSON.stringify(model)}
model_provider = "llmproxy"

[model_providers.llmproxy]
name = "llmproxy"
base_url = "${url}/v1"
env_key = "LLMPROXY_KEY"
wire_api = "responses"`,
  };
}

function geminiCli({ url, key, model }: SnippetFacts): Snippet {
  return {
    title: 'Gemini CLI',
    // Without that setting it asks for a way to sign in, or ends when nobody can be asked.
    text: `# in ~/.gemini/settings.json: {"security":{"auth":{"selectedType":"gemini-api-key"}}}
export GOOGLE_GEMINI_BASE_URL=${quote(url)}
export GEMINI_API_KEY=${quote(key)}
gemini -m ${quote(model)}`,
  };
}

function opencode({ url, key, model }: SnippetFacts): Snippet {
  const settings = {
    $schema: 'https://opencode.ai/config.json',
    provider: {
      llmproxy: {
        npm: '@ai-sdk/openai-compatible',
        name: 'llmproxy',
        options: { baseURL: `${url}/v1`, apiKey: key },
        models: { [model]: { name: model } },
      },
    },
    model: `llmproxy/${model}`,
    // Without it, titles are written by a model that the proxy may not serve.
    small_model: `llmproxy/${model}`,
  };
  return { title: 'opencode (opencode.json)', text: JSON.stringify(settings, null, 2) };
}

/** Quoted for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
