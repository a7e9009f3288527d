import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { iflow } from './iflow.ts';

const context = {
  operation: 'generate',
  model: 'm',
  stream: false,
  parameters: {},
  session: undefined,
  headers: {},
  newUuid: () => 'uuid-1',
} as const;
const wrap = (body: JsonObject) => iflow.wrap?.(body, context);
const unwrap = (answer: JsonObject) => iflow.unwrap?.(answer);

describe('a request', () => {
  it('goes without an empty list of tools', () => {
    expect(wrap({ model: 'kimi-k2', tools: [] })).toEqual({ model: 'kimi-k2' });
    const body = { model: 'kimi-k2', tools: [{ type: 'function' }], reasoning_effort: 'low' };
    expect(wrap(body)).toBe(body);
  });

  it('switches reasoning as the model has it', () => {
    expect(wrap({ model: 'glm-4.6', reasoning_effort: 'high' })).toEqual({
      model: 'glm-4.6',
      chat_template_kwargs: { enable_thinking: true, clear_thinking: false },
    });
    const own = { model: 'deepseek-v3.2', chat_template_kwargs: { a: 1 }, reasoning_effort: 'none' };
    expect(wrap(own)).toEqual({ model: 'deepseek-v3.2', chat_template_kwargs: { a: 1, enable_thinking: false } });
    expect(wrap({ model: 'minimax-m2', reasoning_effort: 'low' })).toEqual({
      model: 'minimax-m2',
      reasoning_split: true,
    });
    expect(wrap({ model: 'glm-4.6' })).toEqual({ model: 'glm-4.6' });
  });
});

describe('an answer', () => {
  it('is taken out of its wrapper', () => {
    expect(unwrap({ success: true, data: { choices: [] } })).toEqual({ choices: [] });
    const plain = { choices: [], status: 1, msg: 'x' };
    expect(unwrap(plain)).toBe(plain);
    const error = { error: { message: 'm' } };
    expect(unwrap(error)).toBe(error);
    expect(unwrap({ success: true, data: {} })).toEqual({ success: true, data: {} });
  });

  it.each([
    [439, 'key ended', 401, 'authentication_error'],
    ['401', 'no', 401, 'authentication_error'],
    [403, 'no', 401, 'authentication_error'],
    [500, 'the token has expired', 401, 'authentication_error'],
    [429, 'slow', 429, 'rate_limit_error'],
    [500, 'busy', 502, 'server_error'],
  ])('that is the error %s is told as one', (status, msg, code, type) => {
    expect(unwrap({ status, msg })).toEqual({ error: { message: msg, code, type } });
  });

  it('says its words in any of three members', () => {
    expect(unwrap({ status: 429, message: 'a' })).toMatchObject({ error: { message: 'a' } });
    expect(unwrap({ status: 429, body: 'b' })).toMatchObject({ error: { message: 'b' } });
  });
});
