import { describe, expect, it } from 'vitest';
import { RequestHead } from './request-head.ts';
import { matchRoute, type Route } from './router.ts';

function route(method: string, url: string, headers: Record<string, string> = {}): Route {
  return matchRoute(new RequestHead(method, url, headers, 'r'));
}

const google = { 'x-goog-api-key': 'k' };
const claude = { 'anthropic-version': '2023-06-01' };

describe('generation endpoints', () => {
  it.each([
    ['/v1/chat/completions', { type: 'generate', slot: 'chat' }],
    ['/v1/completions', { type: 'generate', slot: 'completions' }],
    ['/v1/responses', { type: 'generate', slot: 'responses' }],
    ['/backend-api/codex/responses', { type: 'generate', slot: 'responses' }],
    ['/backend-api/codex/responses/compact', { type: 'compact', slot: 'responses' }],
    ['/backend-api/codex/responses/input_tokens', { type: 'count-tokens', slot: 'responses' }],
    ['/v1/messages?beta=true', { type: 'generate', slot: 'messages' }],
    ['/v1/messages/count_tokens', { type: 'count-tokens', slot: 'messages' }],
    ['http://127.0.0.1:1/v1/messages?x=1', { type: 'generate', slot: 'messages' }],
  ])('POST %s', (url, expected) => {
    expect(route('POST', url)).toEqual(expected);
    expect(route('GET', url)).toMatchObject({ type: 'wrong-method', slot: expected.slot, allow: 'POST' });
  });

  it.each([
    ['//v1/messages', 'messages'],
    ['/v1/messages/', 'messages'],
    ['/v1/v1/messages', 'messages'],
    ['/messages', 'messages'],
    ['/chat/completions', 'chat'],
    ['/v1/v1beta/models/m:generateContent', 'gemini'],
  ])('forgives the wrong base URL of %s', (url, slot) => {
    expect(route('POST', url)).toMatchObject({ slot });
    expect(route('POST', url).type).toMatch(/^(generate|gemini)$/);
  });
});

describe('Gemini paths', () => {
  it.each([
    ['/v1beta/models/gemini-x:generateContent', 'gemini-x', 'generateContent'],
    ['/v1/models/gemini-x:countTokens', 'gemini-x', 'countTokens'],
    ['/v1alpha/models/gemini-x:generateContent', 'gemini-x', 'generateContent'],
    [
      '/v1beta/models/openrouter/meta/llama3:8b:streamGenerateContent?alt=sse',
      'openrouter/meta/llama3:8b',
      'streamGenerateContent',
    ],
    ['/v1beta/models/team%2Fmodel%20x:generateContent', 'team/model x', 'generateContent'],
    ['/v1beta/models%2Fgemini-x:generateContent', 'gemini-x', 'generateContent'],
    ['/v1beta/models/models/gemini-x:generateContent', 'gemini-x', 'generateContent'],
    ['/v1beta/tunedModels/mine:generateContent', 'tunedModels/mine', 'generateContent'],
    ['/v1beta/models/100%:generateContent', '100%', 'generateContent'],
  ])('POST %s', (url, model, action) => {
    expect(route('POST', url)).toEqual({ type: 'gemini', slot: 'gemini', model, action });
  });

  it.each([
    ['/v1beta/models/m:embedContent', 'not-found'],
    ['/v1beta/models/:generateContent', 'not-found'],
    ['/v1beta/corpora/m:generateContent', 'not-found'],
    ['/v1beta/models/m', 'not-found'],
    ['/v1/models/m', 'not-found'],
  ])('POST %s is no endpoint', (url, type) => {
    expect(route('POST', url)).toEqual({ type, slot: 'gemini' });
  });

  it('GET of an action is the wrong method', () => {
    expect(route('GET', '/v1beta/models/m:generateContent')).toMatchObject({ type: 'wrong-method', allow: 'POST' });
  });
});

describe('models', () => {
  it.each([
    ['/v1/models', {}, 'chat'],
    ['/v1/models', claude, 'messages'],
    ['/v1/models', google, 'gemini'],
    ['/v1/models', { ...google, ...claude }, 'gemini'],
    ['/v1beta/models', {}, 'gemini'],
    ['/v1beta/models', claude, 'gemini'],
    ['/models', {}, 'chat'],
  ])('GET %s with %j', (url, headers, slot) => {
    expect(route('GET', url, headers)).toEqual({ type: 'model-list', slot });
    expect(route('HEAD', url, headers)).toEqual({ type: 'model-list', slot });
    expect(route('DELETE', url, headers)).toMatchObject({ type: 'wrong-method', allow: 'GET, HEAD' });
  });

  it.each([
    ['/v1/models/gpt-x', {}, 'chat', 'gpt-x'],
    ['/v1/models/openrouter/meta/llama', {}, 'chat', 'openrouter/meta/llama'],
    ['/v1/models/openrouter%2Fmeta%2Fllama', claude, 'messages', 'openrouter/meta/llama'],
    ['/v1beta/models/llama3:8b', {}, 'gemini', 'llama3:8b'],
    ['/v1beta/tunedModels/mine', {}, 'gemini', 'tunedModels/mine'],
  ])('GET %s', (url, headers, slot, id) => {
    expect(route('GET', url, headers)).toEqual({ type: 'model', slot, id });
  });
});

describe('what is no endpoint', () => {
  it.each([
    ['/v1/embeddings', {}, 'chat'],
    ['/v1/embeddings', claude, 'messages'],
    ['/v1/messages/batches', {}, 'messages'],
    ['/v1/responses/resp_1/x', {}, 'responses'],
    ['/v1beta/files', {}, 'gemini'],
    ['/upload', google, 'gemini'],
  ])('%s with %j is answered in the nearest dialect', (url, headers, slot) => {
    expect(route('POST', url, headers)).toEqual({ type: 'not-found', slot });
  });
});

describe('pages of logins', () => {
  it.each(['/v0/oauth', '/v0/oauth/some-provider', '/v0/oauth/x/status?state=s', '/some-provider/callback?code=c'])(
    'GET %s',
    (url) => {
      expect(route('GET', url)).toEqual({ type: 'login-page' });
      expect(route('POST', url)).toEqual({ type: 'login-page' });
    },
  );

  it.each(['/v0/oauthx', '/callback', '/a/b/callback', '/some-provider/callback/more', '/Upper/callback'])(
    'not %s',
    (url) => expect(route('GET', url).type).toBe('not-found'),
  );
});
