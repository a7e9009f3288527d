import { expect, test } from 'vitest';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { openaiResponses } from './index.ts';

const target = { model: 'm', stream: false, quirks: {} };
const context = { model: 'm', stream: false };

test.each([
  ['standard_only', 'default'],
  ['fast', 'priority'],
  ['priority', 'priority'],
  ['flex', 'flex'],
  [undefined, undefined],
])('the tier %s of another dialect is %s here', (service_tier, expected) => {
  const body = { messages: [{ role: 'user', content: 'hi' }], ...(service_tier !== undefined && { service_tier }) };
  const { value } = openaiResponses.encodeRequest(openaiChat.decodeRequest(body, context), target);
  expect(value['service_tier']).toBe(expected);
});

test('a tier of this dialect stays as it is', () => {
  const request = openaiResponses.decodeRequest({ input: 'hi', service_tier: 'fast' }, context);
  expect(openaiResponses.encodeRequest(request, target).value['service_tier']).toBe('fast');
});

test.each([
  [{ speed: 'fast' }, 'priority'],
  [{ speed: 'standard' }, undefined],
  [{ speed: 'fast', service_tier: 'standard_only' }, 'default'],
])('%j of a Claude client is the tier %s, and Claude gets what its client wrote', (fields, tier) => {
  const body = { max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], ...fields };
  const request = anthropicMessages.decodeRequest(body, context);
  const { value, warnings } = openaiResponses.encodeRequest(request, target);
  expect({ tier: value['service_tier'], warnings }).toStrictEqual({ tier, warnings: [] });
  const own = anthropicMessages.encodeRequest(request, target);
  expect(own.warnings).toStrictEqual([]);
  expect(own.value).toMatchObject(fields);
  expect(own.value['service_tier']).toBe('service_tier' in fields ? fields.service_tier : undefined);
});

test('Claude has no tier for priority', () => {
  const request = openaiResponses.decodeRequest({ input: 'hi', service_tier: 'priority' }, context);
  const { value, warnings } = anthropicMessages.encodeRequest(request, target);
  expect(value['service_tier']).toBeUndefined();
  expect(warnings.map(({ path }) => path)).toContain('serviceTier');
});
