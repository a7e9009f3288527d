import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, blocksOf, contents, frames, modelParts, nextRequest, reply } from '../gemini-turns.ts';
import type { Group } from '../ledger.ts';
import { answer, request, stream } from '../through.ts';

const claude = 'anthropic-messages';
const asked = (more: Wire): Wire => ({ max_tokens: 9, messages: [{ role: 'user', content: 'q' }], ...more });
const after = (assistant: readonly Wire[], user: unknown = 'r'): Wire =>
  asked({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: assistant },
      { role: 'user', content: user },
    ],
  });

/** Claude Messages clients with a Gemini upstream. */
export const geminiClaude: Group = {
  group: 'gemini/claude',
  entries: [
    {
      names: ['ConvertClaudeRequestToGeminiWithCompat_SignatureCompatibility'],
      note: 'who made a signature is in its tag, not guessed from its form; a call that Gemini did not sign gets the value that Google documents',
      run() {
        const own = { type: 'thinking', thinking: 'g', signature: 'llmproxy.gemini.Z2Vt' };
        const foreign = { type: 'thinking', thinking: 'c', signature: 'EqSig' };
        const use = { type: 'tool_use', id: 't1', name: 'f', input: {} };
        const body = after([own, foreign, use], [{ type: 'tool_result', tool_use_id: 't1', content: 'ok' }]);
        expect(contents(claude, body)[1]?.parts).toEqual([
          { text: 'g', thought: true, thoughtSignature: 'Z2Vt' },
          { functionCall: { id: 't1', name: 'f', args: {} }, thoughtSignature: BYPASS },
        ]);
        expect(request(claude, 'gemini', body).warnings).toEqual([
          { path: 'messages[1].content[1]', reason: 'reasoning of another provider means nothing to Gemini' },
        ]);
      },
    },
    {
      names: ['ConvertClaudeRequestToGeminiWithCompatPreservesEmptyThinking'],
      run() {
        const own = { type: 'thinking', thinking: '', signature: 'llmproxy.gemini.Z2Vt' };
        expect(modelParts(contents(claude, after([own, { type: 'text', text: 'A' }])))).toEqual([
          { text: '', thought: true, thoughtSignature: 'Z2Vt' },
          { text: 'A' },
        ]);
      },
    },
    {
      names: ['ConvertClaudeRequestToGemini_ToolChoice_SpecificTool'],
      run() {
        const tools = [{ name: 'f', input_schema: { type: 'object' } }];
        const { body } = request(claude, 'gemini', asked({ tools, tool_choice: { type: 'tool', name: 'f' } }));
        expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } });
      },
    },
    {
      names: ['ConvertClaudeRequestToGemini_StringSystemInstruction'],
      run() {
        const { body } = request(claude, 'gemini', asked({ system: 'Be brief.' }));
        expect(body.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] });
      },
    },
    {
      names: ['ConvertClaudeRequestToGemini_ImageContent'],
      run() {
        const source = { type: 'base64', media_type: 'image/png', data: 'iVBO' };
        const content = [
          { type: 'text', text: 'see' },
          { type: 'image', source },
        ];
        expect(contents(claude, asked({ messages: [{ role: 'user', content }] }))).toEqual([
          { role: 'user', parts: [{ text: 'see' }, { inlineData: { mimeType: 'image/png', data: 'iVBO' } }] },
        ]);
      },
    },
    {
      names: ['ConvertClaudeRequestToGemini_StripsClaudeCodeAttribution'],
      test: "src/pipeline/prompt-cache.test.ts > Claude Code's note to Anthropic's accounting",
    },
    {
      names: ['ConvertClaudeRequestToGemini_ConvertsMessageSystemRoleToUserContent'],
      run() {
        const messages = [
          { role: 'user', content: 'q' },
          { role: 'system', content: 'now brief' },
        ];
        expect(contents(claude, asked({ messages }))).toEqual([
          {
            role: 'user',
            parts: [{ text: 'q' }, { text: '<system-reminder>\nnow brief\n</system-reminder>' }],
          },
        ]);
      },
    },
    {
      names: ['ConvertClaudeRequestToGemini_SkipsEmptyTextParts'],
      run() {
        const content = [
          { type: 'text', text: '' },
          { type: 'text', text: 'q' },
        ];
        expect(contents(claude, asked({ messages: [{ role: 'user', content }] }))).toEqual([
          { role: 'user', parts: [{ text: 'q' }] },
        ]);
      },
    },
    {
      names: ['ConvertClaudeRequestToGemini_StructuredToolResult', 'ConvertClaudeRequestToGemini_StringToolResult'],
      note: 'JSON text goes as the object that it is, any other as `output`, the key that Google documents',
      run() {
        const use = { type: 'tool_use', id: 't1', name: 'f', input: {} };
        const result = (content: unknown) =>
          contents(claude, after([use], [{ type: 'tool_result', tool_use_id: 't1', content }]))[2]?.parts;
        const response = (value: unknown) => [{ functionResponse: { id: 't1', name: 'f', response: value } }];
        expect(result('plain')).toEqual(response({ output: 'plain' }));
        expect(result([{ type: 'text', text: '{"ok":true}' }])).toEqual(response({ ok: true }));
        expect(
          result([
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ]),
        ).toEqual(response({ output: 'a\nb' }));
      },
    },
    {
      names: ['ConvertGeminiResponseToClaude_SignatureOnlyPartDoesNotOpenEmptyTextBlock'],
      run() {
        const events = stream(claude, 'gemini', frames([{ text: 'A' }, { text: '', thoughtSignature: 'c2ln' }]));
        expect(blocksOf(events)).toEqual([{ type: 'text', text: 'A', citations: [] }]);
      },
    },
    {
      names: ['ConvertGeminiResponseToClaudeNonStream_PreservesThoughtSignature'],
      run() {
        const thought = { text: 'hm', thought: true, thoughtSignature: 'c2ln' };
        const { content } = answer(claude, 'gemini', reply([thought, { text: 'A' }])).body;
        expect(content[0]).toEqual({ type: 'thinking', thinking: 'hm', signature: 'llmproxy.gemini.c2ln' });
        expect(modelParts(contents(claude, nextRequest(claude, content)))).toEqual([thought, { text: 'A' }]);
      },
    },
    {
      names: [
        'ConvertGeminiResponseToClaudeNonStream_PartWithThoughtSignatureWithoutThoughtBool',
        'ConvertGeminiResponseToClaudeNonStream_TrailingSignatureOnlyPart',
      ],
      note: 'a signed text stays text; its signature stands before it in an empty thinking block',
      run() {
        const expected = [
          { type: 'thinking', thinking: '', signature: 'next:llmproxy.gemini.c2ln' },
          { type: 'text', text: 'A', citations: [] },
        ];
        const contentOf = (...parts: Wire[]) => answer(claude, 'gemini', reply(parts)).body.content;
        expect(contentOf({ text: 'A', thoughtSignature: 'c2ln' })).toEqual(expected);
        expect(contentOf({ text: 'A' }, { text: '', thoughtSignature: 'c2ln' })).toEqual(expected);
        expect(contentOf({ text: 'A' }, { thoughtSignature: 'c2ln' })).toEqual(expected);
      },
    },
  ],
};
