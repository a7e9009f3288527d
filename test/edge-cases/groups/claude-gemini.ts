/** Gemini clients of Claude models. */
import { expect } from 'vitest';
import { events, message, text, thinking, toolUse } from '../claude-wire.ts';
import type { Group } from '../ledger.ts';
import { answer, request, stream } from '../through.ts';

const toClaude = (body: Parameters<typeof request>[2]) => request('gemini', 'anthropic-messages', body);
const user = (...parts: object[]) => ({ role: 'user', parts });
const model = (...parts: object[]) => ({ role: 'model', parts });
const hi = user({ text: 'hi' });
const call = (name: string, args: object, id?: string) => ({ functionCall: { ...(id && { id }), name, args } });
const response = (name: string, result: object, id?: string) => ({
  functionResponse: { ...(id && { id }), name, response: result },
});
const schemaOf = (declaration: object) =>
  toClaude({ contents: [hi], tools: [{ functionDeclarations: [{ name: 'f', ...declaration }] }] }).body.tools[0]
    .input_schema;

/** The base64 in which Gemini's clients, who take signatures for bytes, hold one of Claude's. */
const heldSignature = Buffer.from('llmproxy.anthropic-messages.EqSig').toString('base64');
const metadataNote = 'Gemini requests have no metadata: the field is not taken for one, and the client is told';

export const claudeGemini: Group = {
  group: 'claude/gemini',
  entries: [
    {
      names: ['ConvertGeminiRequestToClaude_PreservesCustomToolIDs'],
      run() {
        const contents = [hi, model(call('f', { a: 1 }, 'custom-1')), user(response('f', { ok: true }, 'custom-1'))];
        expect(toClaude({ contents }).body.messages.slice(1)).toEqual([
          { role: 'assistant', content: [toolUse('custom-1', 'f', { a: 1 })] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'custom-1', content: [text('{"ok":true}')] }] },
        ]);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_GroupsConsecutiveRoleTurns'],
      run() {
        const contents = [user({ text: 'a' }), user({ text: 'b' }), model({ text: 'c' }), model({ text: 'd' })];
        expect(toClaude({ contents }).body.messages).toEqual([
          { role: 'user', content: [text('a'), text('b')] },
          { role: 'assistant', content: [text('c'), text('d')] },
        ]);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_KeepsSystemInstructionUserSeparate'],
      note: 'Claude has a place for the system instruction: it becomes the system prompt, in either spelling of the key',
      run() {
        for (const key of ['systemInstruction', 'system_instruction']) {
          const { body } = toClaude({ [key]: { parts: [{ text: 'S' }] }, contents: [hi] });
          expect(body.system).toEqual([text('S')]);
          expect(body.messages).toEqual([{ role: 'user', content: [text('hi')] }]);
        }
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_DropsTemperature'],
      note: 'Claude takes a temperature; of temperature and topP, which newer models refuse together, it is the one kept',
      run() {
        const both = toClaude({ contents: [hi], generationConfig: { temperature: 0.3, topP: 0.5 } });
        expect(both.body).toMatchObject({ temperature: 0.3 });
        expect(both.body).not.toHaveProperty('top_p');
        expect(both.warnings.map(({ path }) => path)).toEqual(['sampling.topP']);
        expect(toClaude({ contents: [hi], generationConfig: { temperature: 1.7 } }).body.temperature).toBe(1);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_AcceptsCamelInlineData'],
      run() {
        const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } };
        const camel = { inlineData: { mimeType: 'image/png', data: 'aGk=' } };
        const snake = { inline_data: { mime_type: 'image/png', data: 'aGk=' } };
        expect(toClaude({ contents: [user(camel, snake)] }).body.messages[0].content).toEqual([image, image]);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_SplitsNonImageInlineDataByMIME'],
      run() {
        const inline = (mimeType: string) => ({ inlineData: { mimeType, data: 'aGk=' } });
        const { body, warnings } = toClaude({
          contents: [user(inline('application/pdf'), inline('text/plain'), inline('audio/wav'), inline('video/mp4'))],
        });
        expect(body.messages[0].content).toEqual([
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'aGk=' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' } },
        ]);
        expect(warnings).toEqual([
          { path: 'contents[0].content[2]', reason: 'Claude does not take audio' },
          { path: 'contents[0].content[3]', reason: 'Claude does not take video' },
        ]);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_DropsHiddenThoughtParts'],
      run() {
        const { body, warnings } = toClaude({
          contents: [hi, model({ text: 'hidden', thought: true }, { text: 'b' }), user({ text: 'c' })],
        });
        expect(body.messages[1]).toEqual({ role: 'assistant', content: [text('b')] });
        expect(warnings).toHaveLength(1);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_DeterministicToolIDs'],
      run() {
        const contents = [
          hi,
          model(call('f', {}), call('f', { x: 1 })),
          user(response('f', { r: 1 }), response('f', { r: 2 })),
        ];
        const { body } = toClaude({ contents });
        expect(body.messages[1].content).toEqual([toolUse('call_f_0', 'f'), toolUse('call_f_1', 'f', { x: 1 })]);
        expect(body.messages[2].content).toEqual([
          { type: 'tool_result', tool_use_id: 'call_f_0', content: [text('{"r":1}')] },
          { type: 'tool_result', tool_use_id: 'call_f_1', content: [text('{"r":2}')] },
        ]);
        expect(toClaude({ contents }).body).toEqual(body);
      },
    },
    {
      names: ['ConvertGeminiRequestToClaude_PreservesCallerSuppliedMetadataUserID'],
      note: metadataNote,
      run() {
        const { body, warnings } = toClaude({ metadata: { user_id: 'u1' }, contents: [hi] });
        expect(body).not.toHaveProperty('metadata');
        expect(warnings.map(({ path }) => path)).toEqual(['metadata']);
      },
    },
    {
      names: [
        'ConvertGeminiRequestToClaude_DifferentSessionsProduceDifferentUserIDs',
        'ConvertGeminiRequestToClaude_DefaultRoleDifferentContentProducesDifferentUserIDs',
      ],
      note: 'no user id is invented, whatever the session and its content',
      run() {
        for (const content of ['one', 'two']) {
          const { body } = toClaude({ sessionId: content, contents: [{ parts: [{ text: content }] }] });
          expect(body).not.toHaveProperty('metadata');
        }
      },
    },
    {
      names: [
        'ConvertClaudeResponseToGemini_StreamPreservesToolUseID',
        'ConvertClaudeResponseToGeminiNonStreamPreservesToolUseID',
      ],
      run() {
        const content = [toolUse('toolu_1', 'f', { a: 1 })];
        const part = { functionCall: { id: 'toolu_1', name: 'f', args: { a: 1 } } };
        expect(answer('gemini', 'anthropic-messages', message(content)).body.candidates[0].content.parts).toEqual([
          part,
        ]);
        const parts = stream('gemini', 'anthropic-messages', events(content)).map(partsOf);
        expect(parts[0]).toEqual([part]);
      },
    },
    {
      names: [
        'ConvertClaudeResponseToGemini_StreamThinkingSignature',
        'ConvertClaudeResponseToGeminiNonStream_ThinkingSignature',
      ],
      run() {
        const content = [thinking('T'), text('x')];
        expect(answer('gemini', 'anthropic-messages', message(content)).body.candidates[0].content.parts).toEqual([
          { text: 'T', thought: true, thoughtSignature: heldSignature },
          { text: 'x' },
        ]);
        const parts = stream('gemini', 'anthropic-messages', events(content)).map(partsOf);
        expect(parts.slice(0, 3)).toEqual([
          [{ text: 'T', thought: true }],
          [{ text: '', thought: true, thoughtSignature: heldSignature }],
          [{ text: 'x' }],
        ]);
      },
    },
    {
      names: [
        'NormalizeClaudeToolSchemaPreservesCanonicalSchema',
        'LowercaseClaudeToolSchemaTypesReusesLowercaseSchema',
      ],
      run() {
        const schema = {
          type: 'object',
          properties: { type: { type: 'string', enum: ['STRING', 'b'] } },
          required: ['type'],
          additionalProperties: false,
          $schema: 'http://json-schema.org/draft-07/schema#',
        };
        expect(schemaOf({ parametersJsonSchema: schema })).toEqual(schema);
      },
    },
    {
      names: ['NormalizeClaudeToolSchemaCorrectsWrongTypes', 'LowercaseClaudeToolSchemaTypesNormalizesNonStringType'],
      run() {
        const schema = schemaOf({
          parameters: { type: 5, properties: { a: { type: 7 }, b: { type: ['STRING', 'NULL'] } } },
        });
        expect(schema).toEqual({ type: 'object', properties: { a: {}, b: { type: ['string', 'null'] } } });
      },
    },
    {
      names: ['LowercaseClaudeToolSchemaTypesNormalizesUppercaseTypes'],
      run() {
        const items = { type: 'OBJECT', properties: { n: { type: 'INTEGER' } } };
        const parameters = { type: 'OBJECT', properties: { type: { type: 'STRING' }, list: { type: 'ARRAY', items } } };
        expect(schemaOf({ parameters })).toEqual({
          type: 'object',
          properties: {
            type: { type: 'string' },
            list: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } } } },
          },
        });
      },
    },
  ],
};

function partsOf({ data }: ReturnType<typeof stream>[number]): unknown {
  return data.candidates[0].content.parts;
}
