import { describe, expect, test } from 'vitest';
import { collectWarnings, type JsonObject, type JsonValue, type MediaPart, type Part } from '../../ir/index.ts';
import { compactContent, encodeMedia, encodePart, ownSignature } from './encode-content.ts';

type Wire = JsonObject | undefined;
type Written = readonly [Wire, readonly string[]];

/** What a part becomes, and the reasons of all warnings; each must be of the part's own place. */
function write(part: Part, role: string): Written {
  const { warnings, warn } = collectWarnings();
  const wire = encodePart(part, { role, path: 'here' }, warn);
  expect(warnings.map(({ path }) => path)).toStrictEqual(warnings.map(() => 'here'));
  return [wire, warnings.map(({ reason }) => reason)];
}

const url = 'https://example.com/x';
const link = { type: 'url', url } as const;
const bytes = (mediaType: string) => ({ type: 'base64', mediaType, data: 'AAAA' }) as const;
const stored = (id: string) => ({ type: 'file-id', id }) as const;
const media = (kind: MediaPart['kind'], source: MediaPart['source'], more: object = {}): MediaPart => ({
  type: 'media',
  kind,
  source,
  ...more,
});

describe('content that is compact', () => {
  const text = (value: string): JsonObject => ({ type: 'text', text: value });
  const image = { type: 'image_url', image_url: { url } };
  test.each<[JsonObject[], JsonValue]>([
    [[], ''],
    [[text('')], ''],
    [[text('a')], 'a'],
    [[text('a'), text('')], 'a'],
    [
      [text('a'), text('b')],
      [text('a'), text('b')],
    ],
    [[image], [image]],
    [[image, text('')], [image]],
    [[{ type: 'text', text: 5 }], [{ type: 'text', text: 5 }]],
    [[{ type: 'refusal', text: 'a' }], [{ type: 'refusal', text: 'a' }]],
    [[{ type: 'refusal', text: '' }], [{ type: 'refusal', text: '' }]],
  ])('%j', (parts, content) => {
    expect(compactContent(parts)).toStrictEqual(content);
  });
});

describe('media of a user', () => {
  const only = (kind: string, source: string, how: string): Written => [
    undefined,
    [`${kind} by ${source}: Chat Completions takes it only ${how}`],
  ];
  const image = (value: JsonObject): Written => [{ type: 'image_url', image_url: value }, []];
  const file = (value: JsonObject): Written => [{ type: 'file', file: value }, []];

  test.each<[MediaPart, Written]>([
    [media('image', link), image({ url })],
    [media('image', bytes('image/png')), image({ url: 'data:image/png;base64,AAAA' })],
    [media('image', link, { detail: 'low' }), image({ url, detail: 'low' })],
    [media('image', link, { detail: 'original' }), image({ url, detail: 'high' })],
    [media('image', stored('file-1')), only('image', 'file-id', 'inline or by URL')],
    [media('video', link), [{ type: 'video_url', video_url: { url } }, []]],
    [media('video', stored('file-1')), only('video', 'file-id', 'inline or by URL')],
    [media('audio', bytes('audio/mpeg')), [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } }, []]],
    [media('audio', link), only('audio', 'url', 'inline')],
    [media('audio', stored('file-1')), only('audio', 'file-id', 'inline')],
    [media('file', { type: 'text', text: 'words' }), [{ type: 'text', text: 'words' }, []]],
    [media('image', { type: 'text', text: 'words' }), [{ type: 'text', text: 'words' }, []]],
    [media('file', stored('file-1')), file({ file_id: 'file-1' })],
    [media('file', stored('file-1'), { filename: 'a', title: 't' }), file({ file_id: 'file-1', filename: 'a' })],
    [media('file', stored('file-1'), { title: 't' }), file({ file_id: 'file-1' })],
    [media('file', stored('files/1')), [undefined, ['a file stored at another provider cannot be opened here']]],
    [media('file', bytes('text/csv')), file({ file_data: 'data:text/csv;base64,AAAA' })],
    [media('file', bytes('text/csv'), { title: 't' }), file({ filename: 't', file_data: 'data:text/csv;base64,AAAA' })],
    [
      media('file', bytes('text/csv'), { filename: 'a', title: 't' }),
      file({ filename: 'a', file_data: 'data:text/csv;base64,AAAA' }),
    ],
    [media('file', link), [undefined, ['a file by URL: Chat Completions takes files only inline or by file id']]],
  ])('%j', (part, written) => {
    expect(write(part, 'user')).toStrictEqual(written);
    const { warnings, warn } = collectWarnings();
    expect([encodeMedia(part, 'here', warn), warnings.map(({ reason }) => reason)]).toStrictEqual(written);
  });

  test.each(['system', 'developer', 'assistant'])('of others is lost: %s', (role) => {
    const reason = `image in a ${role} message: Chat Completions takes media from the user only`;
    expect(write(media('image', link), role)).toStrictEqual([undefined, [reason]]);
  });
});

describe('other parts', () => {
  const search = { type: 'server-tool', tool: 'web-search', phase: 'call', id: '', origin: 'gemini' } as const;
  const reasoning = { type: 'reasoning', text: 'hm', summary: false, redacted: false } as const;
  const call = { type: 'tool-call', id: 'c', name: 'f', kind: 'function', arguments: '' } as const;
  const result = { type: 'tool-result', callId: 'c', content: [], isError: false, kind: 'function' } as const;
  const stands = (type: string): Written => [undefined, [`${type} cannot stand in a user message of Chat Completions`]];

  test.each<[string, Part, Written]>([
    ['user', { type: 'text', text: 'a' }, [{ type: 'text', text: 'a' }, []]],
    ['assistant', { type: 'refusal', text: 'no' }, [{ type: 'refusal', refusal: 'no' }, []]],
    ['user', { type: 'refusal', text: 'no' }, [{ type: 'text', text: 'no' }, []]],
    ['assistant', { ...search, queries: ['q'] }, [{ type: 'text', text: '[Web search: "q"]' }, []]],
    ['assistant', search, [undefined, ['this web-search of gemini cannot be told in words']]],
    ['user', { type: 'opaque', dialect: 'openai-chat', value: { type: 'x' } }, [{ type: 'x' }, []]],
    ['user', { type: 'opaque', dialect: 'gemini', value: {}, carried: true }, [undefined, []]],
    [
      'user',
      { type: 'opaque', dialect: 'gemini', value: {} },
      [undefined, ['an item of gemini that Chat Completions does not know']],
    ],
    ['user', reasoning, stands('reasoning')],
    ['user', call, stands('tool-call')],
    ['user', result, stands('tool-result')],
  ])('of %s: %j', (role, part, written) => {
    expect(write(part, role)).toStrictEqual(written);
  });
});

test.each<[{ readonly origin: string; readonly value: string } | undefined, string | undefined]>([
  [undefined, undefined],
  [{ origin: 'gemini', value: 's' }, undefined],
  [{ origin: 'openai-chat', value: 's' }, 's'],
])('of the signature %j goes back %s', (signature, own) => {
  expect(ownSignature(signature === undefined ? {} : { signature })).toBe(own);
});
