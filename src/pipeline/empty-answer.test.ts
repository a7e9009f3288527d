import { expect, test } from 'vitest';
import { chatAnswer, createHarness, startUpstream, target } from '../../test/support/pipeline-harness.ts';

test.each(['', ' \n'])('a success that says nothing (%j) is none: another credential answers', async (nothing) => {
  let calls = 0;
  const upstream = await startUpstream((_request, response) => {
    calls++;
    response.end(calls === 1 ? nothing : JSON.stringify(chatAnswer));
  });
  const harness = createHarness();
  harness.targets = [target(upstream.origin, 'a'), target(upstream.origin, 'b')];
  const reply = await harness.ask();
  expect(reply.json()).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
  expect(harness.pool.log).toEqual(['a upstream_invalid_response', 'b ok']);
  harness.targets = [target(upstream.origin, 'a')];
  calls = 0;
  const alone = await harness.ask();
  expect([alone.status, alone.text()]).toEqual([502, expect.stringContaining('Test answered with nothing')]);
  await harness.close();
  await upstream.close();
});
