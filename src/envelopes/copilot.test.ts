import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../ir/index.ts';
import { movedMediaNote } from '../ir/moved-media-note.ts';
import { copilot } from './copilot.ts';

const context = {
  operation: 'generate',
  model: 'm',
  stream: false,
  parameters: {},
  session: undefined,
  headers: {},
  newUuid: () => 'uuid-1',
} as const;

const headers = (body: JsonObject) => copilot.headers?.(body, context);
const initiator = (body: JsonObject) => headers(body)?.['x-initiator'];
const user = { role: 'user', content: 'hi' };

describe('who asks', () => {
  it('is a person whose words come last', () => {
    expect(headers({ messages: [user] })).toEqual({ 'x-initiator': 'user', 'x-request-id': 'uuid-1' });
    expect(initiator({ messages: [{ role: 'tool', content: 'x' }, user] })).toBe('user');
    expect(initiator({ input: 'hi' })).toBe('user');
    expect(initiator({ input: [{ type: 'function_call_output', output: 'x' }, user] })).toBe('user');
    expect(initiator({})).toBe('user');
  });

  it('is an agent after a tool or the model itself', () => {
    expect(initiator({ messages: [user, { role: 'tool', content: 'x' }] })).toBe('agent');
    expect(initiator({ messages: [user, { role: 'assistant', content: 'x' }] })).toBe('agent');
    for (const type of ['function_call', 'function_call_output', 'custom_tool_call_output', 'computer_call_output'])
      expect(initiator({ input: [user, { type }] })).toBe('agent');
    expect(initiator({ input: [user, { type: 'message', role: 'assistant', content: [] }] })).toBe('agent');
  });

  it("is told by the last block of Claude's results of tools", () => {
    const result = { type: 'tool_result', tool_use_id: 't', content: 'x' };
    const said = (text: string) => ({ type: 'text', text });
    const turn = (...content: JsonObject[]) => initiator({ messages: [{ role: 'user', content }] });
    expect(turn(result)).toBe('agent');
    expect(turn(result, said('<system-reminder>\nnote\n</system-reminder>'))).toBe('agent');
    expect(turn(result, said('stop, do this instead'))).toBe('user');
    expect(turn(result, said('<system-reminder>note</system-reminder> and mine'))).toBe('user');
    expect(turn(said('<system-reminder>note</system-reminder>'))).toBe('user');
  });
});

describe('what an agent adds behind the result of a tool', () => {
  const said = (text: string) => ({ type: 'text', text });
  const reminder = '<system-reminder>\nnote\n</system-reminder>';
  const picture = { type: 'image_url', image_url: { url: 'data:' } };
  const moved = said(movedMediaNote('call_1'));
  const chat = (content: JsonValue) =>
    initiator({ messages: [user, { role: 'tool', content: 'x' }, { role: 'user', content }] });

  it('is of the agent: reminders, and pictures that the result itself cannot hold', () => {
    expect(chat(reminder)).toBe('agent');
    expect(chat([said(reminder), said(reminder)])).toBe('agent');
    expect(chat([moved, picture])).toBe('agent');
    expect(chat([moved, picture, said(reminder)])).toBe('agent');
    const input = [{ type: 'function_call_output', output: 'x' }];
    const remind = { type: 'message', role: 'user', content: [{ type: 'input_text', text: reminder }] };
    expect(initiator({ input: [...input, remind, remind] })).toBe('agent');
  });

  it('is of the person once there is a word or a picture of theirs', () => {
    expect(chat([moved, picture, said('and?')])).toBe('user');
    expect(chat([picture])).toBe('user');
    expect(chat([said('[Media from the result of tool call a:] and?')])).toBe('user');
    expect(chat([said('[Media from the result of tool call a:] and [b:]')])).toBe('user');
    expect(chat([])).toBe('user');
    expect(initiator({ messages: [{ role: 'user', content: reminder }] })).toBe('user');
  });
});

describe('pictures', () => {
  const vision = (body: JsonObject) => headers(body)?.['copilot-vision-request'];

  it.each<[string, JsonObject]>([
    ['chat', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:' } }] }, user] }],
    ['messages', { messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] }],
    [
      'a result of a tool',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'image' }] }] }] },
    ],
    ['responses', { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:' }] }] }],
    ['an output', { input: [{ type: 'function_call_output', output: [{ type: 'input_image' }] }] }],
  ])('are seen in %s', (_where, body) => expect(vision(body)).toBe('true'));

  it('are not seen where none are', () => {
    expect(vision({ messages: [{ role: 'user', content: [{ type: 'text', text: 'image_url' }] }] })).toBeUndefined();
    expect(vision({ input: 'image' })).toBeUndefined();
  });
});
