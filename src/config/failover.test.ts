import { describe, expect, it } from 'vitest';
import { accountErrorRules } from './account-models.ts';
import { parseConfig } from './parse.ts';

const warningsOf = (text: string): string[] => parseConfig({ text }).warnings.map(({ message }) => message);

describe('fallbacks', () => {
  it('takes one name or a list, one condition or several', () => {
    const text = `
fallbacks:
  - { model: " a* ", to: b }
  - { model: c, to: [d, provider/e], when: timeout }
  - { model: f, to: [g], when: [rate-limit, error] }
`;
    expect(parseConfig({ text }).config.fallbacks).toEqual([
      { model: 'a*', to: ['b'], when: [] },
      { model: 'c', to: ['d', 'provider/e'], when: ['timeout'] },
      { model: 'f', to: ['g'], when: ['rate-limit', 'error'] },
    ]);
    expect(warningsOf(text)).toEqual([]);
  });

  it.each([
    ['fallbacks: [{ to: b }]', /fallbacks\[0\]/],
    ['fallbacks: [{ model: "", to: b }]', /fallbacks\[0\]\.model: expected a model name/],
    ['fallbacks: [{ model: a, to: [] }]', /fallbacks\[0\]\.to/],
    ['fallbacks: [{ model: a, to: b, when: sometimes }]', /fallbacks\[0\]\.when/],
    ['attempt-budget: -1', /attempt-budget/],
    ['request-deadline-seconds: soon', /request-deadline-seconds/],
  ])('refuses %s', (text, message) => {
    expect(() => parseConfig({ text })).toThrow(message);
  });

  it('is none by default; 32 attempts, no deadline', () => {
    expect(parseConfig({ text: '' }).config).toMatchObject({
      fallbacks: [],
      'attempt-budget': 32,
      'request-deadline-seconds': 0,
    });
  });
});

describe('request-scoped-errors', () => {
  it('names the place of a pattern that is none', () => {
    const text = `
claude-api-key:
  - api-key: fake-key
    request-scoped-errors:
      - { status: 400, match-regexr: ["fine", "(broken"], action: stop }
`;
    expect(() => parseConfig({ text, file: 'config.yaml' })).toThrow(
      /^config\.yaml:5:\d+: claude-api-key\[0\]\.request-scoped-errors\[0\]\.match-regexr\[1\]: expected a regular expression/,
    );
  });

  it('warns of rules that can never match', () => {
    const text = `
openai-compatibility:
  - name: local
    base-url: http://127.0.0.1:8080/v1
    models: [{ name: m }]
    request-scoped-errors: [{ match: [a], action: stop }, { status: 400, match: [a], action: stop }]
oauth-request-scoped-errors:
  codex: [{ status: 400, action: stop }, { status: 400, match: [a] }]
`;
    expect(warningsOf(text)).toEqual([
      'openai-compatibility[0].request-scoped-errors[0] has no status and has no effect',
      'oauth-request-scoped-errors.codex[0] has neither match nor match-regexr and has no effect',
      'oauth-request-scoped-errors.codex[1] has no action and has no effect',
    ]);
  });

  it('compiles those of accounts, by provider', () => {
    const text = 'oauth-request-scoped-errors: { " Codex ": [{ status: 400, match: [a], action: continue }] }';
    expect([...accountErrorRules(parseConfig({ text }).config)]).toEqual([
      ['codex', [{ status: 400, texts: ['a'], patterns: [], action: 'continue' }]],
    ]);
  });
});
