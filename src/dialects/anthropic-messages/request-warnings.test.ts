/** Everything that a request may hold and Claude cannot take is named, with the reason. */
import { describe, expect, it } from 'vitest';
import type { GenerationRequest, MediaPart, Message, Part, Tool, ToolChoice } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { encodeRequest } from './encode-request.ts';

type Expected = readonly (readonly [path: string, reason: RegExp])[];

const text: Part = { type: 'text', text: 'hi' };
const user: Message = { role: 'user', content: [text], path: 'messages[0]' };
const shell: Tool = { type: 'function', name: 'sh', path: 'tools[0]' };

function encode(more: Partial<GenerationRequest>, target: Partial<EncodeTarget> = {}) {
  return encodeRequest(
    { model: 'm', stream: false, messages: [user], tools: [], sampling: {}, extensions: {}, ...more },
    { model: 'claude', stream: false, quirks: {}, ...target },
  );
}

function expectLost(more: Partial<GenerationRequest>, expected: Expected, target: Partial<EncodeTarget> = {}): void {
  const { warnings } = encode(more, target);
  expect(warnings).toEqual(expected.map(([path, reason]) => ({ path, reason: expect.stringMatching(reason) })));
}

describe('settings', () => {
  it.each<[Partial<GenerationRequest>, Expected]>([
    [{ sampling: { temperature: -0.1 } }, [['sampling.temperature', /0 to 1; clamped/]]],
    [{ sampling: { temperature: 0.3, topP: 0.5 } }, [['sampling.topP', /either temperature or top_p/]]],
    [{ sampling: { stop: [' '] } }, [['sampling.stop', /no blank stop sequences/]]],
    [{ sampling: { seed: 0 } }, [['sampling.seed', /no such setting/]]],
    [{ sampling: { presencePenalty: 0.1 } }, [['sampling.presencePenalty', /no such setting/]]],
    [{ sampling: { frequencyPenalty: -1 } }, [['sampling.frequencyPenalty', /no such setting/]]],
    [{ sampling: { candidateCount: 2 } }, [['sampling.candidateCount', /gives one answer/]]],
    [{ sampling: { logprobs: true } }, [['sampling.logprobs', /no such setting/]]],
    [{ sampling: { topLogprobs: 1 } }, [['sampling.topLogprobs', /no such setting/]]],
    [{ output: { type: 'json-object' } }, [['output', /no JSON mode without a schema/]]],
    [{ output: { type: 'text' } }, []],
    [{ verbosity: 'high' }, [['verbosity', /no verbosity setting/]]],
    [{ verbosity: 'medium' }, []],
    [{ store: true }, [['store', /does not store answers/]]],
    [{ store: false }, []],
    [{ modalities: ['audio'] }, [['modalities', /text only/]]],
    [{ modalities: ['text'] }, []],
    [{ modalities: [] }, []],
    [{ serviceTier: 'flex' }, [['serviceTier', /no service tier "flex"/]]],
    [{ serviceTier: 'priority' }, [['serviceTier', /no service tier "priority"/]]],
    [{ serviceTier: 'priority', extensions: { 'anthropic-messages': { speed: 'fast' } } }, []],
    [
      { serviceTier: 'priority', extensions: { 'anthropic-messages': { speed: 'standard' } } },
      [['serviceTier', /no service tier "priority"/]],
    ],
  ])('%j', (more, expected) => expectLost(more, expected));

  it.each([
    ['auto', 'auto'],
    ['standard_only', 'standard_only'],
    ['default', 'standard_only'],
  ])('service tier %s is %s', (serviceTier, expected) => {
    expect(encode({ serviceTier }).value['service_tier']).toBe(expected);
    expectLost({ serviceTier }, []);
  });

  it('thinking limits sampling', () => {
    const reasoning = { effort: 'high' } as const;
    const levels = { reasoning: { levels: ['high'] } };
    expectLost({ reasoning, sampling: { topK: 3 } }, [['sampling.topK', /no top_k while it thinks/]], levels);
    expectLost({ reasoning, sampling: { topP: 0.9 } }, [['sampling.topP', /top_p from 0\.95 while/]], levels);
    expectLost({ reasoning, sampling: { temperature: 0 } }, [['sampling.temperature', /temperature 1 only/]], levels);
    const edge = encode({ reasoning, sampling: { topP: 0.95 } }, levels);
    expect([edge.value['top_p'], edge.warnings]).toEqual([0.95, []]);
  });

  it('an output limit above that of the model', () => {
    const wanted = { sampling: { maxOutputTokens: 11 } };
    expectLost(wanted, [['sampling.maxOutputTokens', /at most 10 tokens/]], { maxOutputTokens: 10 });
    expectLost(wanted, [], { maxOutputTokens: 11 });
  });

  it('thinking that cannot be', () => {
    const reasoning = { effort: 'high' } as const;
    const forced = { reasoning, tools: [shell], toolChoice: { type: 'required' } } as const;
    expectLost(forced, [['reasoning', /cannot think when the tool choice forces a call/]]);
    expectLost({ reasoning }, [['reasoning', /no room for the smallest thinking budget/]], { maxOutputTokens: 1024 });
    const call: Part = { type: 'tool-call', id: 'a', name: 'sh', kind: 'function', arguments: '{}' };
    const result: Part = { type: 'tool-result', callId: 'a', content: [], isError: false, kind: 'function' };
    const messages: Message[] = [
      user,
      { role: 'assistant', content: [call], path: 'messages[1]' },
      { role: 'user', content: [result], path: 'messages[2]' },
    ];
    expectLost({ reasoning, messages, tools: [shell] }, [['reasoning', /came without its own thinking/]]);
  });
});

describe('tools and choices', () => {
  const search: Tool = { type: 'built-in', name: 'web-search', path: 'tools[0]' };
  it.each<[ToolChoice, readonly Tool[], Expected]>([
    [{ type: 'required' }, [], [['toolChoice', /no tool that it could be made to use/]]],
    [{ type: 'tool', name: 'sh' }, [], [['toolChoice', /no tool that it could be made to use/]]],
    [{ type: 'built-in', name: 'web-search' }, [], [['toolChoice', /no tool that it could be made to use/]]],
    [{ type: 'auto' }, [], []],
    [{ type: 'none' }, [], []],
    [{ type: 'built-in', name: 'web-search' }, [shell], [['toolChoice', /not offered a web-search tool/]]],
    [{ type: 'built-in', name: 'web-search' }, [search], []],
    [{ type: 'built-in', name: 'url-context' }, [search], [['toolChoice', /not offered a url-context tool/]]],
    [{ type: 'opaque', dialect: 'gemini', value: {} }, [shell], [['toolChoice', /choice of dialect gemini/]]],
    [
      { type: 'opaque', dialect: 'anthropic-messages', value: 'text' },
      [shell],
      [['toolChoice', /choice of dialect anthropic-messages/]],
    ],
    [{ type: 'opaque', dialect: 'anthropic-messages', value: { type: 'later' } }, [shell], []],
  ])('%j of %j', (toolChoice, tools, expected) => expectLost({ toolChoice, tools }, expected));

  it.each<[readonly Tool[], Expected]>([
    [[shell, { ...shell, path: 'tools[1]' }], [['tools[1]', /already given; the first one is used/]]],
    [
      [{ type: 'built-in', name: 'code-execution', path: 'tools[3]' }],
      [['tools[3]', /no code-execution tool that works/]],
    ],
    [[{ type: 'opaque', dialect: 'gemini', value: {}, path: 'tools[2]' }], [['tools[2]', /only dialect gemini knows/]]],
    [[{ type: 'opaque', dialect: 'anthropic-messages', value: { type: 'bash_1', name: 'b' }, path: 'tools[0]' }], []],
  ])('%j', (tools, expected) => expectLost({ tools }, expected));

  it('what of a schema is not enforced is a loss where the client counts on it', () => {
    const schema = { type: 'object', properties: { a: { type: 'integer', minimum: 1 } } };
    const told: Expected = [['tools[0].parameters.properties.a.minimum', /does not enforce this part of the schema/]];
    expectLost({ tools: [{ ...shell, parameters: schema }] }, []);
    expectLost({ tools: [{ ...shell, parameters: schema, strict: true }] }, told);
    const either = { type: 'object', anyOf: [{ required: ['a'] }] };
    expectLost({ tools: [{ ...shell, parameters: either }] }, []);
    expectLost({ output: { type: 'json-schema', schema } }, [
      ['output.schema.properties.a.minimum', /does not enforce this part of the schema/],
    ]);
  });
});

describe('parts', () => {
  const source = { type: 'base64', mediaType: 'x/y', data: 'AA==' } as const;
  const media = (more: Partial<MediaPart>): MediaPart => ({ type: 'media', kind: 'file', source, ...more });
  it.each<[Part, RegExp]>([
    [media({ kind: 'audio' }), /does not take audio/],
    [media({ kind: 'video' }), /does not take video/],
    [media({}), /documents as PDF or text, not x\/y/],
    [media({ source: { type: 'file-id', id: 'gs://x' } }), /stored at another provider/],
    [media({ kind: 'image', source: { type: 'text', text: 'x' } }), /an image cannot be text/],
    [{ type: 'opaque', dialect: 'gemini', value: {} }, /only dialect gemini knows this part/],
    [
      { type: 'reasoning', text: 'r', summary: false, redacted: false },
      /a reasoning part can only stand in an assistant/,
    ],
    [{ type: 'refusal', text: 'r' }, /a refusal part can only stand in an assistant message/],
    [
      { type: 'server-tool', tool: 'image-generation', phase: 'call', id: '', origin: 'gemini' },
      /this image-generation of gemini cannot be told in words/,
    ],
  ])('of the user: %j', (part, reason) => {
    expectLost({ messages: [{ ...user, content: [text, part] }] }, [['messages[0].content[1]', reason]]);
  });

  it.each<[Part, RegExp]>([
    [media({ kind: 'image' }), /a media part cannot stand in an assistant message/],
    [{ type: 'opaque', dialect: 'gemini', value: {} }, /only dialect gemini knows this part/],
    [
      { type: 'reasoning', text: 'r', summary: false, redacted: false },
      /without a Claude signature cannot be sent back/,
    ],
    [
      { type: 'server-tool', tool: 'image-generation', phase: 'call', id: '', origin: 'gemini' },
      /this image-generation of gemini cannot be told in words/,
    ],
  ])('of the assistant: %j', (part, reason) => {
    const messages: Message[] = [user, { role: 'assistant', content: [text, part], path: 'messages[1]' }];
    expectLost({ messages }, [['messages[1].content[1]', reason]]);
  });

  it('in a tool result, by their own path', () => {
    const content = [{ type: 'text', text: 'ok' }, media({ kind: 'audio' })] as const;
    const call: Part = { type: 'tool-call', id: 'a', name: 'sh', kind: 'function', arguments: '[]' };
    const result: Part = { type: 'tool-result', callId: 'a', content, isError: true, kind: 'function' };
    const messages: Message[] = [
      user,
      { role: 'assistant', content: [call], path: 'messages[1]' },
      { role: 'user', content: [result], path: 'messages[2]' },
    ];
    expectLost({ messages }, [
      ['messages[1].content[0].arguments', /not a JSON object; sent as \{\}/],
      ['messages[2].content[0].content[1]', /does not take audio/],
    ]);
    expect(encode({ messages }).value['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'sh', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'ok' }], is_error: true }],
      },
    ]);
  });

  it('of instructions, and names of participants', () => {
    const carried: Part = { type: 'opaque', dialect: 'openai-responses', value: {}, carried: true };
    const image = media({ kind: 'image' });
    const messages: Message[] = [
      { role: 'system', content: [text, image, carried], path: 'messages[0]' },
      { role: 'user', name: 'Ann', content: [text], path: 'messages[1]' },
      { role: 'developer', content: [image], path: 'messages[2]' },
    ];
    expectLost({ messages }, [
      ['messages[1].name', /no names of participants/],
      ['messages[2].content[0]', /only text as instructions, not media/],
      ['messages[0].content[1]', /only text as instructions, not media/],
    ]);
  });

  it('what others know from elsewhere is left out without a word', () => {
    const carried: Part = { type: 'opaque', dialect: 'openai-responses', value: {}, carried: true };
    const own: Part = { type: 'opaque', dialect: 'anthropic-messages', value: { type: 'own' }, carried: true };
    const messages: Message[] = [
      { role: 'user', content: [carried, own], path: 'messages[0]' },
      { role: 'assistant', content: [carried, own], path: 'messages[1]' },
    ];
    expectLost({ messages }, []);
    expect(encode({ messages }).value['messages']).toEqual([
      { role: 'user', content: [{ type: 'own' }] },
      { role: 'assistant', content: [{ type: 'own' }] },
    ]);
  });
});
