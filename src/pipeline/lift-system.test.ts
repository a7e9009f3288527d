import { expect, it } from 'vitest';
import { liftSystemMessages } from './lift-system.ts';

const lift = (body: string): string => liftSystemMessages(Buffer.from(body)).toString();
const user = '{"role":"user","content":"u"}';
const text = (words: string): string => `{"type":"text","text":"${words}"}`;

it.each([
  [
    'a text beside a text',
    `{"model":"m","system":"A","x":1.0,"messages":[${user},{"role":"system","content":"B"},${user}]}`,
    `{"model":"m","system":[${text('A')},${text('B')}],"x":1.0,"messages":[${user},${user}]}`,
  ],
  [
    'blocks behind blocks',
    `{"system":[${text('A')}],"messages":[{"role":"system","content":[${text('B')},{"type":"text","text":"C","cache_control":{"type":"ephemeral"}}]},${user}]}`,
    `{"system":[${text('A')},${text('B')},{"type":"text","text":"C","cache_control":{"type":"ephemeral"}}],"messages":[${user}]}`,
  ],
  [
    'where there was no system',
    `{"messages":[${user},{"role":"system","content":"B"},{"role":"system","content":""},{"role":"system"}]}`,
    `{"messages":[${user}],"system":[${text('B')}]}`,
  ],
])('%s', (_, body, expected) => {
  expect(lift(body)).toBe(expected);
});

it.each([
  `{ "system" : "A", "messages":[${user}] }`,
  `{"messages":[${user}]}`,
  `{"messages":{"role":"system"}}`,
  `{"messages":["system",{"role":"user","content":"system"}]}`,
  '{"messages":[{"role":"system"',
])('nothing to lift, nothing changes: %s', (body) => {
  expect(lift(body)).toBe(body);
});
