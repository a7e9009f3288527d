/** A client that goes away must stop the generation in the server: the model would write for half a minute. */
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { type ModelProxy, proxyForModels, upstreams } from './model-server.ts';
import { sdks } from './sdks.ts';

const at: ModelProxy = proxyForModels();

/** How many requests the server is working on. */
async function busySlots(): Promise<number> {
  const slots: unknown = await (await fetch(`${at.server}/slots`)).json();
  if (!Array.isArray(slots)) throw new Error('/slots did not answer with a list');
  return slots.filter((slot) => slot.is_processing === true).length;
}

// The server looks after the client of a whole answer when it heard nothing for a second: do not ask more often.
const patience = { ask: 2500, stream: 50 } as const;
const ways = ['ask', 'stream'] as const;

async function waitForBusySlots(wanted: number, interval = 50): Promise<void> {
  await expect.poll(busySlots, { interval, timeout: 8000 }).toBe(wanted);
}

describe.for(upstreams)('upstream %s', (upstream) => {
  describe.for(sdks)('$name', (sdk) => {
    test.for(ways)('%s: abort', async (way) => {
      const abort = new AbortController();
      const question = { model: upstream, prompt: 'go on', maxTokens: 20_000, signal: abort.signal };
      const outcome = sdk[way](at.proxy, question).then(
        () => 'an answer',
        () => 'aborted',
      );
      await waitForBusySlots(1);
      abort.abort();
      expect(await outcome).toBe('aborted');
      await new Promise((done) => setTimeout(done, patience[way]));
      await waitForBusySlots(0, patience[way]);
    });
  });

  test('a reader who stops reading holds the stream back and loses nothing', async () => {
    const answer = await fetch(`${at.proxy}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: upstream,
        stream: true,
        max_tokens: 3000,
        messages: [{ role: 'user', content: 'go on' }],
      }),
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader?.read())?.value ?? '';
    await new Promise((done) => setTimeout(done, 1000));
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value;
    expect(text.match(/"content":"[^"]/g)?.length).toBeGreaterThan(2500);
    expect(text).toMatch(/data: \[DONE\]\s*$/);
    await waitForBusySlots(0);
  });
});
