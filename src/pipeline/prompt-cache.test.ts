import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  claudeEndpoint,
  codecs,
  createHarness,
  type Harness,
  type LocalUpstream,
  startUpstream,
  target,
} from '../../test/support/pipeline-harness.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { Manifest } from '../providers/provider.ts';

let harness: Harness;
let upstream: LocalUpstream;

beforeEach(async () => {
  upstream = await startUpstream((_request, response) => response.writeHead(500).end());
  harness = createHarness({ codecs });
});

afterEach(async () => {
  await harness.close();
  await upstream.close();
});

const sent = (at = -1): Record<string, unknown> => JSON.parse(upstream.requests.at(at)?.body ?? '{}');
const keyOf = (at = -1): unknown => sent(at)['prompt_cache_key'];

const claude = { codec: anthropicMessages };
const say = (text: string, more: object = {}): object => ({
  model: 'm',
  max_tokens: 9,
  messages: [{ role: 'user', content: text }],
  ...more,
});
const manifest: Partial<Manifest> = {
  quirks: { promptCacheKey: { 'openai-chat': 'prompt_cache_key' } },
};
const useChat = (changes: Partial<Manifest> = manifest): void => {
  harness.targets = [target(upstream.origin, 'c1', { manifest: changes })];
};

describe('the key of a conversation', () => {
  const grown = { messages: [...['u', 'later'].map((content) => ({ role: 'user', content }))] };

  test('is the same on every turn, differs between conversations, models and clients, and tells nothing', async () => {
    useChat();
    await harness.ask(claude, say('u'));
    await harness.ask(claude, say('', grown));
    await harness.ask(claude, say('other'));
    await harness.ask(claude, say('u', { model: 'n' }));
    await harness.ask({ ...claude, principal: 'p' }, say('u'));
    const [first, second, ...others] = upstream.requests.map((_, at) => keyOf(at));
    expect(first).toMatch(/^llmproxy-[0-9a-f]{40}$/);
    expect(second).toBe(first);
    expect(new Set([first, ...others]).size).toBe(4);
  });

  test('follows the session that the client names, in headers or body, whatever is said', async () => {
    useChat();
    const headers = { 'x-claude-code-session-id': 's' };
    await harness.ask({ ...claude, headers }, say('a'));
    await harness.ask({ ...claude, headers }, say('b'));
    await harness.ask(claude, say('c', { metadata: { user_id: 'user_1_session_s' } }));
    await harness.ask({ ...claude, headers: { ...headers, 'x-claude-code-agent-id': 'sub' } }, say('a'));
    expect(keyOf(1)).toBe(keyOf(0));
    expect(keyOf(2)).toBe(keyOf(0));
    expect(keyOf(3)).not.toBe(keyOf(0));
    expect(upstream.requests[0]?.body).not.toContain('user_1_session');
  });

  test('is not sent to servers that may refuse it, nor when switched off', async () => {
    useChat({});
    await harness.ask(claude, say('u'));
    expect(sent()).not.toHaveProperty('prompt_cache_key');
    const off = createHarness({ settings: { promptCaching: false } });
    off.targets = [target(upstream.origin, 'c1', { manifest })];
    await off.ask(claude, say('u'));
    await off.ask({ headers: { 'session-id': 's' } });
    await off.close();
    expect(sent()).not.toHaveProperty('prompt_cache_key');
    expect(sent(-2)).not.toHaveProperty('prompt_cache_key');
  });

  test('goes into a header where the server takes it there; the credential overrides it', async () => {
    useChat({ quirks: { promptCacheKey: { 'openai-chat': 'x-conversation' } } });
    await harness.ask(claude, say('u'));
    expect(upstream.requests[0]?.headers['x-conversation']).toMatch(/^llmproxy-[0-9a-f]{40}$/);
    expect(sent()).not.toHaveProperty('prompt_cache_key');
    const account = { headers: { 'x-conversation': 'own' } };
    harness.targets = [
      target(upstream.origin, 'c2', {
        account,
        manifest: { quirks: { promptCacheKey: { 'openai-chat': 'x-conversation' } } },
      }),
    ];
    await harness.ask(claude, say('u'));
    expect(upstream.requests[1]?.headers['x-conversation']).toBe('own');
  });

  test('a body in the own dialect is left alone without a named session', async () => {
    useChat();
    await harness.ask({ codec: openaiChat }, say('u'));
    expect(sent()).toEqual(say('u'));
  });

  test("is added to such a body for a named session, unless the client's own is there", async () => {
    useChat();
    const headers = { 'session-id': 's' };
    await harness.ask({ headers }, say('u'));
    const { prompt_cache_key: key, ...rest } = sent();
    expect(key).toMatch(/^llmproxy-[0-9a-f]{40}$/);
    expect(rest).toEqual(say('u'));
    await harness.ask({ headers }, say('u', { prompt_cache_key: 'mine' }));
    expect(upstream.requests[1]?.body).toBe(JSON.stringify(say('u', { prompt_cache_key: 'mine' })));
    await harness.ask({ ...claude, headers }, say('u'));
    expect(keyOf()).toBe(key);
    const endpoints = [{ dialect: 'openai-chat', path: '/v1', compactPath: '/v1/compact' }];
    useChat({ ...manifest, endpoints, baseUrl: upstream.origin });
    await harness.ask({ headers, operation: 'compact' }, say('u'));
    expect(upstream.requests.at(-1)).toMatchObject({ path: '/v1/compact', body: JSON.stringify(say('u')) });
  });
});

describe('breakpoints', () => {
  test('are set for a client that cannot, and not when switched off', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint })];
    await harness.ask();
    expect(upstream.requests[0]?.body).toContain('"cache_control":{"type":"ephemeral"}');
    const off = createHarness({ settings: { promptCaching: false } });
    off.targets = harness.targets;
    await off.ask();
    await off.close();
    expect(upstream.requests[1]?.body).not.toContain('cache_control');
  });

  test('are not set for a Claude client, even when its body is rewritten', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, reasoning: { budgetTokens: 2000 } })];
    await harness.ask(claude, say('u', { max_tokens: 9000 }));
    expect(sent()).toMatchObject({ thinking: { budget_tokens: 2000 } });
    expect(upstream.requests[0]?.body).not.toContain('cache_control');
  });
});

describe("Claude Code's note to Anthropic's accounting", () => {
  const note = { type: 'text', text: 'x-anthropic-billing-header: cc_version=1; cch=abc;' };
  const rule = { type: 'text', text: 'Be brief.' };

  test.each([
    [[note, rule], [{ role: 'system', content: 'Be brief.' }]],
    [[note], []],
    [[rule, note], [{ role: 'system', content: `Be brief.\n\n${note.text}` }]],
  ])('does not reach another provider: %j', async (system, expected) => {
    useChat();
    await harness.ask(claude, say('u', { system }));
    const messages = sent()['messages'];
    expect(JSON.stringify(messages).includes('billing')).toBe(JSON.stringify(expected).includes('billing'));
    expect(Array.isArray(messages) && messages.length).toBe(expected.length + 1);
  });

  test('stays for Anthropic', async () => {
    harness.targets = [target(upstream.origin, 'c1', { manifest: claudeEndpoint, reasoning: { budgetTokens: 2000 } })];
    await harness.ask(claude, say('u', { system: [note], max_tokens: 9000 }));
    expect(sent()['system']).toEqual([note]);
  });
});
