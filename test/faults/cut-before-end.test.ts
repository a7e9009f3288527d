/** Cut after every single chunk but the last: what each dialect calls complete is exactly its terminal event. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upstreamModels } from '../support/proxy-process.ts';
import type { ScriptedAnswer, UpstreamDialect } from '../support/scripted-upstream/index.ts';
import { ask, pairs } from './dialect-client.ts';
import { type Gateway, startGateway } from './gateway.ts';

const answer: ScriptedAnswer = {
  reasoning: 'Hm.',
  text: 'Two or three',
  toolCalls: [{ name: 'look', arguments: { at: 'it' } }],
};

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(
    ({ userText }) => (userText === 'whole' ? answer : { fault: 'truncate', after: Number(userText), answer }),
    { credentials: 1, config: 'request-retry: 0\ndisable-cooling: true' },
  );
});
afterAll(() => gateway.close());

/** Whether a client of the dialect takes the stream for a whole one. */
function looksComplete(dialect: UpstreamDialect, text: string): boolean {
  switch (dialect) {
    case 'openai-chat':
      return text.includes('[DONE]');
    case 'openai-responses':
      return /"type":"response\.(completed|incomplete)"/.test(text);
    case 'anthropic-messages':
      return text.includes('message_stop');
    case 'gemini':
      return text.includes('"finishReason"');
  }
}

const hasError = (text: string): boolean => /"error":\s*\{|"type":"error"|response\.failed|connection cut/.test(text);

/** Chunks after which the upstream's answer may count as whole although more would have come. */
const optional: Readonly<Record<UpstreamDialect, number>> = {
  // The finish reason is there; only [DONE], and the usage before it, may be missing.
  'openai-chat': 2,
  'openai-responses': 0,
  'anthropic-messages': 0,
  gemini: 0,
};

describe.for(pairs)('%s client, %s upstream', ([client, upstream]) => {
  const model = upstreamModels[upstream];

  test('every cut shows', async () => {
    const whole = await (await ask(gateway.origin, client, model, { stream: true, text: 'whole' })).text();
    expect(looksComplete(client, whole)).toBe(true);
    expect(hasError(whole)).toBe(false);
    const outcomes: string[] = [];
    for (let after = 0; after < 60; after++) {
      const reply = await ask(gateway.origin, client, model, { stream: true, text: String(after) });
      const text = await reply.text().catch(() => 'connection cut');
      outcomes.push(hasError(text) && (client === 'gemini' || !looksComplete(client, text)) ? 'shown' : 'complete');
      if (outcomes.at(-1) === 'complete') break;
    }
    const shown = outcomes.filter((outcome) => outcome === 'shown').length;
    const chunks = await upstreamChunks(upstream);
    expect(outcomes.at(-1)).toBe('complete');
    expect(shown).toBeGreaterThanOrEqual(chunks - optional[upstream]);
  });
});

/** How many chunks the upstream writes for the whole answer. */
async function upstreamChunks(upstream: UpstreamDialect): Promise<number> {
  const reply = await ask(gateway.upstream.origin, upstream, 'x', { stream: true, text: 'whole' });
  return (await reply.text()).split('\n\n').filter((event) => event !== '').length;
}
