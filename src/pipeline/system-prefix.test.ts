import { describe, expect, test } from 'vitest';
import type { Credential } from '../credentials/credential.ts';
import type { GenerationRequest } from '../ir/index.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { prefixedSystem, takesPrefixAsItIs, withSystemPrefix } from './system-prefix.ts';

function target(systemPrefix?: string): Target {
  const credential: Credential = {
    id: 'a',
    provider: 'echo',
    kind: 'none',
    secret: undefined,
    label: 'a',
    source: 'test',
    headers: {},
    priority: 0,
    weight: 1,
    excludedModels: [],
    ...(systemPrefix === undefined ? {} : { systemPrefix }),
  };
  return { credential, provider: echo, model: 'm', info: undefined, forceMapping: false };
}

describe('a prefix in the bytes of a Claude request', () => {
  const spliced = (body: unknown, prefix?: string): string =>
    prefixedSystem(target(prefix), Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))).toString();

  test("is a block of its own in front of the client's", () => {
    expect(JSON.parse(spliced({ model: 'm', system: 'Be kind.', messages: [] }, 'P'))).toEqual({
      model: 'm',
      system: [
        { type: 'text', text: 'P' },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [],
    });
    const block = { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } };
    expect(JSON.parse(spliced({ system: [block] }, 'P'))).toEqual({ system: [{ type: 'text', text: 'P' }, block] });
    for (const system of [undefined, '', null])
      expect(JSON.parse(spliced({ system, a: 1 }, 'P'))).toEqual({ system: [{ type: 'text', text: 'P' }], a: 1 });
  });

  test('leaves every byte alone when there is none', () => {
    const odd = '{ "system" : "x",\n "n": 1.00 }';
    expect(spliced(odd)).toBe(odd);
    expect(spliced('no object', 'P')).toBe('no object');
    expect(spliced('{ "n": 1.00 }', 'P')).toContain('1.00');
  });
});

describe('a prefix in a request that is translated', () => {
  const user = { role: 'user', content: [{ type: 'text', text: 'hi' }], path: 'messages[0]' } as const;
  const request = { messages: [user], extensions: {}, sampling: {} } as unknown as GenerationRequest;

  test('is the first block of its system message', () => {
    expect(withSystemPrefix(request, target())).toBe(request);
    expect(withSystemPrefix(request, target('P')).messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'P' }], path: 'instructions' },
      user,
    ]);
    const system = { role: 'system', content: [{ type: 'text', text: 's' }], path: 'messages[0]' } as const;
    expect(withSystemPrefix({ ...request, messages: [system, user] }, target('P')).messages).toEqual([
      { ...system, content: [{ type: 'text', text: 'P' }, ...system.content] },
      user,
    ]);
  });
});

test("bodies of other dialects than Claude's cannot be given one as they are", () => {
  expect(takesPrefixAsItIs(target('P'), 'anthropic-messages')).toBe(true);
  expect(takesPrefixAsItIs(target('P'), 'openai-chat')).toBe(false);
  expect(takesPrefixAsItIs(target(), 'openai-chat')).toBe(true);
});
