import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clientSnippets, formatSnippets } from './snippets.ts';

const facts = { url: 'http://127.0.0.1:8317', key: 'sk-llmproxy-fake', model: "odd'model" };
const snippets = clientSnippets(facts);
const text = (title: string) => snippets.find((snippet) => snippet.title.startsWith(title))?.text ?? '';

/** What a shell makes of the exports in a snippet. */
function exported(script: string, name: string): string {
  const lines = script.split('\n').filter((line) => line.startsWith('export '));
  return execFileSync('sh', ['-c', `${lines.join('\n')}\nprintf %s "$${name}"`], { encoding: 'utf8' });
}

describe('snippets', () => {
  it('name address, key and model in each', () => {
    expect(snippets).toHaveLength(5);
    for (const snippet of snippets) {
      expect(snippet.text).toContain(facts.url);
      expect(`${snippet.title}\n${snippet.text}`).toContain(facts.key);
      expect(snippet.text).toContain('model');
    }
  });

  it('survive a shell', () => {
    expect(exported(text('Claude Code'), 'ANTHROPIC_BASE_URL')).toBe(facts.url);
    expect(exported(text('Claude Code'), 'ANTHROPIC_AUTH_TOKEN')).toBe(facts.key);
    expect(exported(text('Claude Code'), 'ANTHROPIC_DEFAULT_HAIKU_MODEL')).toBe(facts.model);
    expect(exported(text('Gemini CLI'), 'GOOGLE_GEMINI_BASE_URL')).toBe(facts.url);
    expect(exported(text('Gemini CLI'), 'GEMINI_API_KEY')).toBe(facts.key);
    const body = text('curl').split('-d ')[1] ?? '';
    const sent: unknown = JSON.parse(execFileSync('sh', ['-c', `printf %s ${body}`], { encoding: 'utf8' }));
    expect(sent).toMatchObject({ model: facts.model });
  });

  it('configure Codex for Responses and opencode for chat', () => {
    expect(text('Codex')).toContain('wire_api = "responses"');
    expect(text('Codex')).toContain('base_url = "http://127.0.0.1:8317/v1"');
    expect(JSON.parse(text('opencode'))).toMatchObject({
      model: "llmproxy/odd'model",
      provider: { llmproxy: { options: { baseURL: 'http://127.0.0.1:8317/v1', apiKey: facts.key } } },
    });
  });

  it('are indented for the terminal, empty lines left empty', () => {
    expect(formatSnippets([{ title: 'a', text: 'x\n\ny' }])).toBe('a\n  x\n\n  y');
  });
});
