import { describe, expect, it } from 'vitest';
import type { GenerationRequest, Message, Part } from '../../ir/index.ts';
import type { EncodeTarget } from '../codec.ts';
import { kiro } from './index.ts';

const target: EncodeTarget = { model: 'claude-sonnet-4.5', stream: true, quirks: {} };

function turn(role: Message['role'], ...content: readonly (string | Part)[]): Message {
  return {
    role,
    content: content.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
    path: 'm',
  };
}

const call = (id: string, name = 'read', text = '{"a":1}'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: text,
});
const result = (callId: string, ...texts: readonly string[]): Part => ({
  type: 'tool-result',
  callId,
  content: texts.map((text) => ({ type: 'text', text })),
  isError: false,
  kind: 'function',
});

function request(messages: readonly Message[], more: Partial<GenerationRequest> = {}): GenerationRequest {
  return { model: 'm', stream: true, messages, tools: [], sampling: {}, extensions: {}, ...more };
}

function encode(messages: readonly Message[], more: Partial<GenerationRequest> = {}) {
  const { value, warnings } = kiro.encodeRequest(request(messages, more), target);
  return { value, warnings: warnings.map(({ path, reason }) => `${path}: ${reason}`) };
}

const user = (content: string, more: object = {}) => ({
  userInputMessage: { content, modelId: 'claude-sonnet-4.5', origin: 'AI_EDITOR', ...more },
});
const assistant = (content: string, ...toolUses: readonly object[]) => ({
  assistantResponseMessage: { content, ...(toolUses.length > 0 && { toolUses }) },
});
const use = (toolUseId: string, name = 'read', input: object = { a: 1 }) => ({ toolUseId, name, input });
const answer = (toolUseId: string, text: string, status = 'success') => ({ toolUseId, status, content: [{ text }] });
const former = (name: string) => ({
  toolSpecification: {
    name,
    description: 'Not available any more: do not call it.',
    inputSchema: { json: { type: 'object', properties: {} } },
  },
});
/** With the tools that the conversation calls and nobody offers. */
const state = (current: ReturnType<typeof user>, ...history: readonly object[]) => {
  const names = [...JSON.stringify(history).matchAll(/"toolUseId":"[^"]*","name":"([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );
  const { userInputMessage } = current;
  const own: object =
    'userInputMessageContext' in userInputMessage ? Object(userInputMessage.userInputMessageContext) : {};
  const tools = [...new Set(names)].map(former);
  const userInputMessageContext = { ...own, ...(tools.length > 0 && { tools }) };
  return {
    conversationState: {
      chatTriggerType: 'MANUAL',
      currentMessage: {
        userInputMessage: {
          ...userInputMessage,
          ...(Object.keys(userInputMessageContext).length > 0 && { userInputMessageContext }),
        },
      },
      ...(history.length > 0 && { history }),
    },
  };
};

describe('turns', () => {
  it('one message', () => {
    expect(encode([turn('user', 'hi')])).toEqual({ value: state(user('hi')), warnings: [] });
  });

  it('instructions stand in front of the first text of every request', () => {
    const first = '<instructions>\nbe kind\n\nand short\n</instructions>\n\nhi';
    const opening = [turn('system', 'be kind'), turn('developer', 'and short'), turn('user', 'hi')];
    expect(encode(opening).value).toEqual(state(user(first)));
    expect(encode([...opening, turn('assistant', 'hello'), turn('user', 'go')]).value).toEqual(
      state(user('go'), user(first), assistant('hello')),
    );
  });

  it('instructions amid the conversation are marked as such', () => {
    expect(encode([turn('user', 'a'), turn('system', 'now rhyme')]).value).toEqual(
      state(user('a\n\n<system-reminder>\nnow rhyme\n</system-reminder>')),
    );
  });

  it('instructions alone are what the user says, as is nothing at all', () => {
    expect(encode([turn('system', 'be kind')]).value).toEqual(state(user('be kind')));
    expect(encode([turn('user', '  ')]).value).toEqual(state(user('Continue')));
  });

  it('begins and ends with the user', () => {
    expect(encode([turn('assistant', 'so')]).value).toEqual(state(user('Continue'), user('Continue'), assistant('so')));
    expect(encode([turn('system', 's'), turn('assistant', 'so'), turn('user', 'x')]).value).toEqual(
      state(user('x'), user('s'), assistant('so')),
    );
  });

  it('neighbours of one side are one turn, and no call is lost', () => {
    const messages = [
      turn('user', 'a', 'b'),
      turn('user', 'c'),
      turn('assistant', 'on', 'e', call('1')),
      turn('assistant', call('2')),
      turn('user', result('1', 'r1'), result('2', 'r2')),
    ];
    expect(encode(messages)).toEqual({
      value: state(
        user('Tool results provided.', {
          userInputMessageContext: { toolResults: [answer('1', 'r1'), answer('2', 'r2')] },
        }),
        user('a\nb\n\nc'),
        assistant('one', use('1'), use('2')),
      ),
      warnings: [],
    });
  });

  it('results of earlier turns stay in the history, a turn of calls alone is no empty text', () => {
    const messages = [
      turn('user', 'a'),
      turn('assistant', call('1')),
      turn('user', result('1', 'r', 's')),
      turn('assistant', 'done'),
      turn('user', 'thanks'),
    ];
    expect(encode(messages).value).toEqual(
      state(
        user('thanks'),
        user('a'),
        assistant('.', use('1')),
        user('Tool results provided.', { userInputMessageContext: { toolResults: [answer('1', 'r\ns')] } }),
        assistant('done'),
      ),
    );
  });

  it('a result without a call is text, a call without a result is given one', () => {
    expect(encode([turn('user', result('9', 'left over'))])).toEqual({
      value: state(user('Tool result: left over')),
      warnings: ['m.content[0]: the result answers no call; sent as user text'],
    });
    expect(encode([turn('user', 'a'), turn('assistant', call('1'))]).value).toMatchObject({
      conversationState: {
        currentMessage: user('Tool results provided.', {
          userInputMessageContext: {
            tools: [former('read')],
            toolResults: [answer('1', 'no result was given', 'error')],
          },
        }),
      },
    });
  });

  it('an id that is used twice is made two', () => {
    const round = [turn('user', 'a'), turn('assistant', call('1')), turn('user', result('1', 'r'))];
    const { value } = encode([...round, ...round]);
    expect(JSON.stringify(value).match(/"toolUseId":"1_2"/g)).toHaveLength(2);
    expect(JSON.stringify(value).match(/"toolUseId":"1"/g)).toHaveLength(2);
  });

  it('ids that are refused become others, calls and results alike', () => {
    const long = 'x'.repeat(65);
    const messages = [
      turn('user', 'a'),
      turn('assistant', call('f.1'), call('f_1'), call(''), call(long)),
      turn('user', result('f_1', 'two'), result('f.1', 'one'), result('', 'three'), result(long, 'four')),
    ];
    const ids = ['f_1_2', 'f_1', 'call', 'x'.repeat(64)];
    expect(encode(messages)).toEqual({
      value: state(
        user('Tool results provided.', {
          userInputMessageContext: {
            toolResults: ['two', 'one', 'three', 'four'].map((text, at) =>
              answer([ids[1], ids[0], ids[2], ids[3]][at] ?? '', text),
            ),
          },
        }),
        user('a'),
        assistant('.', ...ids.map((id) => use(id))),
      ),
      warnings: [],
    });
    const other = 'y'.repeat(64);
    const tight = [
      turn('user', 'a'),
      turn('assistant', call(other), call(`${other}y`)),
      turn('user', result(other, 'r'), result(`${other}y`, 's')),
    ];
    expect(JSON.stringify(encode(tight).value)).toContain(`"${'y'.repeat(62)}_2"`);
  });

  it('an empty result, arguments that are no object, custom calls', () => {
    const custom: Part = { type: 'tool-call', id: '3', name: 'patch', kind: 'custom', arguments: 'free' };
    const messages = [
      turn('user', 'a'),
      turn('assistant', call('1', 'read', ''), call('2', 'read', '[1'), custom),
      turn('user', result('1', ''), { ...result('2', 'bad'), isError: true } as Part, result('3', 'ok')),
    ];
    expect(encode(messages).value).toEqual(
      state(
        user('Tool results provided.', {
          userInputMessageContext: {
            toolResults: [answer('1', '(no output)'), answer('2', 'bad', 'error'), answer('3', 'ok')],
          },
        }),
        user('a'),
        assistant('.', use('1', 'read', {}), use('2', 'read', { _raw: '[1' }), use('3', 'patch', { input: 'free' })),
      ),
    );
  });
});

it('a tool that is offered again is known already', () => {
  const tools = [{ type: 'function', name: 'read', path: 't' }] as const;
  const messages = [turn('user', 'a'), turn('assistant', call('1'), call('2', 'write')), turn('user', 'b')];
  const { value } = kiro.encodeRequest(request(messages, { tools }), target);
  const found = [...JSON.stringify(value).matchAll(/"name":"(\w+)","description":"([^"]*)"/g)].map(
    ([, ...rest]) => rest,
  );
  expect(found).toEqual([
    ['read', 'Tool read.'],
    ['write', 'Not available any more: do not call it.'],
  ]);
});

describe('parts', () => {
  const image = (mediaType: string): Part => ({
    type: 'media',
    kind: 'image',
    source: { type: 'base64', mediaType, data: 'AAAA' },
  });

  it.each([
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/jpg', 'jpeg'],
    ['IMAGE/GIF', 'gif'],
    ['image/webp', 'webp'],
  ])('%s', (mediaType, format) => {
    expect(encode([turn('user', image(mediaType))])).toEqual({
      value: state(user('Images provided.', { images: [{ format, source: { bytes: 'AAAA' } }] })),
      warnings: [],
    });
  });

  it('an image in a result stands beside it', () => {
    const shot = { ...result('1', 'see'), content: [{ type: 'text', text: 'see' }, image('image/png')] } as Part;
    const { value } = encode([turn('user', 'a'), turn('assistant', call('1')), turn('user', shot)]);
    expect(value).toEqual(
      state(
        user('Tool results provided.', {
          images: [{ format: 'png', source: { bytes: 'AAAA' } }],
          userInputMessageContext: { toolResults: [answer('1', 'see')] },
        }),
        user('a'),
        assistant('.', use('1')),
      ),
    );
  });

  it.each<[string, Part]>([
    ['Kiro takes no images of type image/tiff', image('image/tiff')],
    [
      'an image by url: Kiro takes images inline only',
      { type: 'media', kind: 'image', source: { type: 'url', url: 'https://x.example/a.png' } },
    ],
    [
      'Kiro takes no file',
      { type: 'media', kind: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA' } },
    ],
    ['a tool call can only stand in an assistant message', call('1')],
    ['only gemini knows this part', { type: 'opaque', dialect: 'gemini', value: {} }],
    [
      'this web-search of gemini cannot be told in words',
      { type: 'server-tool', tool: 'web-search', phase: 'call', id: '', origin: 'gemini' },
    ],
  ])('user: %s', (reason, part) => {
    expect(encode([turn('user', 'a', part)])).toEqual({
      value: state(user('a')),
      warnings: [`m.content[1]: ${reason}`],
    });
  });

  it.each<[string, Part]>([
    ['Kiro takes images from the user only', image('image/png')],
    ['Kiro takes no reasoning of earlier turns', { type: 'reasoning', text: 't', summary: false, redacted: false }],
  ])('assistant: %s', (reason, part) => {
    const messages = [turn('user', 'a'), turn('assistant', 'b', part), turn('user', 'c')];
    expect(encode(messages)).toEqual({
      value: state(user('c'), user('a'), assistant('b')),
      warnings: [`m.content[1]: ${reason}`],
    });
  });

  it('texts in other clothes', () => {
    const document: Part = { type: 'media', kind: 'file', source: { type: 'text', text: 'plain' } };
    const found: Part = {
      type: 'server-tool',
      tool: 'web-search',
      phase: 'call',
      id: '',
      origin: 'gemini',
      queries: ['q'],
    };
    const carried: Part = { type: 'opaque', dialect: 'gemini', value: {}, carried: true };
    expect(encode([turn('user', document, found, { type: 'refusal', text: 'no' }, carried)])).toEqual({
      value: state(user('plain\n[Web search: "q"]\nno')),
      warnings: [],
    });
  });

  it('what is left of reasoning alone is no turn; a participant has no name', () => {
    const thought: Part = { type: 'reasoning', text: 't', summary: false, redacted: false };
    expect(encode([turn('user', 'a'), turn('assistant', thought), turn('user', 'b')]).value).toEqual(
      state(user('a\n\nb')),
    );
    expect(encode([{ ...turn('user', 'a'), name: 'bob' }]).warnings).toEqual([
      'm.name: Kiro has no names of participants',
    ]);
  });
});

describe('settings', () => {
  it('sampling', () => {
    const sampling = { maxOutputTokens: 9, temperature: 0, topP: 0.5 };
    expect(encode([turn('user', 'a')], { sampling })).toEqual({
      value: { ...state(user('a')), inferenceConfig: { maxTokens: 9, temperature: 0, topP: 0.5 } },
      warnings: [],
    });
    const others = { topK: 1, stop: ['x'], seed: 0, presencePenalty: 1, candidateCount: 2, logprobs: true };
    expect(encode([turn('user', 'a')], { sampling: others })).toEqual({
      value: state(user('a')),
      warnings: Object.keys(others).map((name) => `sampling.${name}: Kiro has no such setting`),
    });
    const nothing = { stop: [], presencePenalty: 0, candidateCount: 1, logprobs: false };
    expect(encode([turn('user', 'a')], { sampling: nothing }).warnings).toEqual([]);
  });

  it('what has no place is told of', () => {
    const lost = { serviceTier: 'priority', verbosity: 'low', store: true, modalities: ['text', 'image'] };
    expect(encode([turn('user', 'a')], lost).warnings).toEqual([
      'serviceTier: Kiro has no service tiers',
      'verbosity: Kiro has no such setting',
      'store: Kiro keeps no answers',
      'modalities: Kiro answers in text only',
    ]);
    const kept = { serviceTier: 'auto', verbosity: 'medium', store: false, modalities: ['text'], user: 'u' };
    expect(encode([turn('user', 'a')], kept).warnings).toEqual([]);
  });

  it('fields that only others know are told of, its own go along, refused ones do not', () => {
    const extensions = { 'openai-chat': { logit_bias: { 1: 1 } }, kiro: { profileArn: 'arn', other: 1 } };
    expect(encode([turn('user', 'a')], { extensions })).toEqual({
      value: { profileArn: 'arn', other: 1, ...state(user('a')) },
      warnings: ['logit_bias: only openai-chat knows this field'],
    });
    const quirks = { rejects: ['inferenceConfig'] };
    const asked = request([turn('user', 'a')], { sampling: { topP: 1 } });
    expect(kiro.encodeRequest(asked, { ...target, quirks })).toEqual({
      value: state(user('a')),
      warnings: [{ path: 'inferenceConfig', reason: 'the upstream does not accept this field' }],
    });
  });
});

it('is planned ahead for large requests', () => {
  const tool = { type: 'function', name: 'f', parameters: { type: 'object' }, path: 'tools[0]' } as const;
  expect([...kiro.encodeAhead(request([turn('user', 'a')], { tools: [tool] }))]).toBeInstanceOf(Array);
});
