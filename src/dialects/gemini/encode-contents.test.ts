import { describe, expect, it } from 'vitest';
import { collectWarnings, type Message, type Part, type ToolResultPart } from '../../ir/index.ts';
import { type ContentsContext, encodeContents } from './encode-contents.ts';

function encode(messages: readonly Message[], more: Partial<ContentsContext> = {}) {
  const { warnings, warn } = collectWarnings();
  const context = { wireName: (name: string) => `w_${name}`, nestedMedia: true, warn, ...more };
  return { ...encodeContents(messages, context), warnings };
}
const message = (role: Message['role'], ...content: Part[]): Message => ({ role, content, path: 'messages[7]' });
const text = (words: string): Part => ({ type: 'text', text: words });
const call = (id: string): Part => ({ type: 'tool-call', id, name: 'f', kind: 'function', arguments: '{}' });
const result = (callId: string, ...content: ToolResultPart['content']): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content,
  isError: false,
  kind: 'function',
});
const SENTINEL = 'skip_thought_signature_validator';

/** What a part of a user becomes. */
const parts = (...content: Part[]) => {
  const { contents, warnings } = encode([message('user', ...content)]);
  return { parts: contents.flatMap((one) => one['parts']), warnings };
};

describe('messages', () => {
  it('nothing is nothing', () => {
    expect(encode([])).toEqual({ contents: [], warnings: [] });
    expect(encode([message('user')])).toEqual({ contents: [], warnings: [] });
  });

  it('names of participants are lost', () => {
    expect(encode([{ ...message('user', text('a')), name: 'Ann' }])).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'a' }] }],
      warnings: [{ path: 'messages[7].name', reason: 'Gemini has no names of participants' }],
    });
  });

  it('a picture amid late instructions stays a picture', () => {
    const image = {
      type: 'media',
      kind: 'image',
      source: { type: 'base64', mediaType: 'image/png', data: 'AA==' },
    } as const;
    const { contents } = encode([message('user', text('a')), message('developer', text('b'), image)]);
    expect(contents).toEqual([
      {
        role: 'user',
        parts: [
          { text: 'a' },
          { text: '<system-reminder>\nb\n</system-reminder>' },
          { inlineData: { mimeType: 'image/png', data: 'AA==' } },
        ],
      },
    ]);
  });
});

describe('results', () => {
  it('stand behind their calls with all that Gemini knows of them', () => {
    const own = { gemini: { functionResponse: { scheduling: 'SILENT' } } };
    const { contents, warnings } = encode([
      message('assistant', call('1'), call('')),
      message('user', { ...result('1', { type: 'text', text: 'a' }), extensions: own }),
      message('user', result('', { type: 'text', text: 'b' })),
    ]);
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: '' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { id: '1', name: 'w_f', args: {} }, thoughtSignature: SENTINEL },
          { functionCall: { name: 'w_f', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: '1', name: 'w_f', response: { output: 'a' }, scheduling: 'SILENT' } },
          { functionResponse: { name: 'w_f', response: { output: 'b' } } },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('an id that is used again belongs to the latest call', () => {
    const { contents } = encode([
      message('assistant', call('1')),
      message('user', result('1', { type: 'text', text: 'a' })),
      message('assistant', call('1')),
      message('user', result('1', { type: 'text', text: 'b' })),
    ]);
    expect(contents.filter(({ role }) => role === 'user').slice(1)).toEqual([
      { role: 'user', parts: [{ functionResponse: { id: '1', name: 'w_f', response: { output: 'a' } } }] },
      { role: 'user', parts: [{ functionResponse: { id: '1', name: 'w_f', response: { output: 'b' } } }] },
    ]);
  });

  it('that are missing are said to be missing', () => {
    const { contents, warnings } = encode([message('assistant', call('1'))]);
    expect(contents.at(-1)).toEqual({
      role: 'user',
      parts: [{ functionResponse: { id: '1', name: 'w_f', response: { error: 'no result was given' } } }],
    });
    expect(warnings).toEqual([
      {
        path: 'messages[7].content[0]',
        reason: 'the call has no result; Gemini demands one and is told that it is missing',
      },
    ]);
  });

  it('of no call are texts', () => {
    const words = { type: 'text', text: 'a' } as const;
    const image = { type: 'media', kind: 'image', source: { type: 'url', url: 'https://a.test/x.png' } } as const;
    expect(parts(result('9', words, image), { ...result('9', words, words), name: 'g' })).toEqual({
      parts: [
        { text: 'Tool result: a' },
        { fileData: { mimeType: 'image/png', fileUri: 'https://a.test/x.png' } },
        { text: 'Result of tool g: a\na' },
      ],
      warnings: [0, 1].map((at) => ({
        path: `messages[7].content[${at}]`,
        reason: 'the result answers no call; sent as user text',
      })),
    });
    // A second result of a call that was answered is one, too.
    const { contents } = encode([message('assistant', call('1')), message('user', result('1'), result('1', words))]);
    expect(contents.at(-1)).toEqual({
      role: 'user',
      parts: [{ functionResponse: { id: '1', name: 'w_f', response: { output: '' } } }, { text: 'Tool result: a' }],
    });
  });

  it('text documents are text of the result; what has no form is named where it stands', () => {
    const document = { type: 'media', kind: 'file', source: { type: 'text', text: 'doc' } } as const;
    const foreign = { type: 'media', kind: 'file', source: { type: 'file-id', id: 'file-1' } } as const;
    const { contents, warnings } = encode([
      message('assistant', call('1')),
      message('user', result('1', { type: 'text', text: 'a' }, document, foreign)),
    ]);
    expect(contents.at(-1)).toEqual({
      role: 'user',
      parts: [{ functionResponse: { id: '1', name: 'w_f', response: { output: 'a\ndoc' } } }],
    });
    expect(warnings).toEqual([
      {
        path: 'messages[7].content[0].content[2]',
        reason: 'a file id of another provider means nothing to Gemini',
      },
    ]);
  });
});

describe('parts', () => {
  it('empty texts and refusals are left out, unless they are signed', () => {
    const signature = { origin: 'gemini', value: 'U' };
    expect(
      parts(
        text(''),
        { type: 'text', text: '', signature },
        { type: 'refusal', text: '' },
        { type: 'refusal', text: 'no' },
      ),
    ).toEqual({ parts: [{ text: '', thoughtSignature: 'U' }, { text: 'no' }], warnings: [] });
  });

  it('media keep their signature and resolution and lose their title', () => {
    const source = { type: 'base64', mediaType: 'application/pdf', data: 'AA==' } as const;
    expect(
      parts({
        type: 'media',
        kind: 'file',
        source,
        title: 'T',
        signature: { origin: 'gemini', value: 'U' },
        extensions: { gemini: { mediaResolution: 'LOW' } },
      }),
    ).toEqual({
      parts: [
        {
          inlineData: { mimeType: 'application/pdf', data: 'AA==' },
          mediaResolution: 'LOW',
          thoughtSignature: 'U',
        },
      ],
      warnings: [{ path: 'messages[7].content[0].title', reason: 'Gemini has no titles of documents' }],
    });
  });

  it('reasoning is kept where Gemini made it, or where nobody signed it', () => {
    const reasoning = { type: 'reasoning', summary: false, redacted: false } as const;
    const lost = 'reasoning of another provider means nothing to Gemini';
    expect(
      parts(
        { ...reasoning, text: 'a' },
        { ...reasoning, text: '' },
        { ...reasoning, text: 'b', signature: { origin: 'openai-chat', value: 'x' } },
        { ...reasoning, text: '', signature: { origin: 'gemini', value: 'U' } },
      ),
    ).toEqual({
      parts: [
        { text: 'a', thought: true },
        { text: '', thought: true, thoughtSignature: 'U' },
      ],
      warnings: [1, 2].map((at) => ({ path: `messages[7].content[${at}]`, reason: lost })),
    });
  });

  it('opaque ones are for their own dialect; what others know already is not missed', () => {
    expect(
      parts(
        { type: 'opaque', dialect: 'gemini', value: { later: 1 } },
        { type: 'opaque', dialect: 'openai-chat', value: {}, carried: true },
        { type: 'opaque', dialect: 'openai-chat', value: {} },
      ),
    ).toEqual({
      parts: [{ later: 1 }],
      warnings: [{ path: 'messages[7].content[2]', reason: 'only openai-chat knows this part' }],
    });
  });

  it('tools that a provider ran are given back, told in the words of Gemini, or as text', () => {
    const tool = { type: 'server-tool', tool: 'code-execution', phase: 'whole', id: '', origin: 'gemini' } as const;
    const search = { ...tool, tool: 'web-search', origin: 'openai-chat' } as const;
    expect(
      parts(
        { ...tool, value: { executableCode: {} } },
        { ...tool, code: '1' },
        { ...tool, origin: 'openai-chat', code: '2', value: { type: 'foreign' } },
        { ...search, queries: ['q'] },
        search,
      ),
    ).toEqual({
      parts: [
        { executableCode: {} },
        { executableCode: { language: 'PYTHON', code: '1' } },
        { executableCode: { language: 'PYTHON', code: '2' } },
        { text: '[Web search: "q"]' },
      ],
      warnings: [{ path: 'messages[7].content[4]', reason: 'this web-search of openai-chat cannot be told in words' }],
    });
  });

  it('arguments that are no object are told of', () => {
    const odd: Part = { type: 'tool-call', id: '1', name: 'f', kind: 'function', arguments: '[1' };
    expect(encode([message('assistant', odd), message('user', result('1'))]).warnings).toEqual([
      { path: 'messages[7].content[0]', reason: 'the arguments are no JSON object; sent as args._raw' },
    ]);
  });
});
