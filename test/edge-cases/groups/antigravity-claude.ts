/** Claude clients with Antigravity: what holds for Gemini as well. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, modelParts, reply, text, thought } from '../gemini-turns.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { answer, request, stream } from '../through.ts';
import { antigravityClaudeCarriers } from './antigravity-claude-carriers.ts';

const claude = 'anthropic-messages';
const named = (...list: string[]): string[] => list.map((name) => `ConvertClaudeRequestToAntigravity_${name}`);
const user = (content: unknown): Wire => ({ role: 'user', content });
const assistant = (...content: Wire[]): Wire => ({ role: 'assistant', content });
const said = (value: string): Wire => ({ type: 'text', text: value });
const use = (id: string, input: unknown = {}, name = 'f'): Wire => ({ type: 'tool_use', id, name, input });
const result = (tool_use_id: string, content?: unknown): Wire => ({
  type: 'tool_result',
  tool_use_id,
  ...(content === undefined ? {} : { content }),
});
const body = (more: Wire): Wire =>
  request(claude, 'gemini', { max_tokens: 9, messages: [user('q')], ...more }, { model: 'gemini-3-pro' }).body;
const turns = (...messages: Wire[]): Wire[] => contents(claude, { max_tokens: 9, messages });
const modelOf = (...content: Wire[]): Wire[] => modelParts(turns(user('q'), assistant(...content), user('r')));
const answered = (content: unknown, id = 't1'): Wire =>
  turns(user('q'), assistant(use(id)), user([result(id, content)]))[2]?.parts[0].functionResponse;
const tool = (name: string): Wire => ({ name, input_schema: { type: 'object', properties: {} } });
const image = (source: Wire): Wire => ({ type: 'image', source });
const png = image({ type: 'base64', media_type: 'image/png', data: 'iVBO' });
const inlineData = { mimeType: 'image/png', data: 'iVBO' };

const basics: readonly Entry[] = [
  {
    names: named('StripsClaudeCodeAttribution'),
    test: "src/pipeline/prompt-cache.test.ts > Claude Code's note to Anthropic's accounting",
  },
  {
    names: named('ConvertsMessageSystemRoleToUserContent'),
    run() {
      expect(turns(user('q'), { role: 'system', content: 'brief' })[0]?.parts[1]).toEqual({
        text: '<system-reminder>\nbrief\n</system-reminder>',
      });
    },
  },
  {
    names: named('BasicStructure', 'RoleMapping'),
    run() {
      expect(body({ system: 'S', messages: [user('q'), assistant(said('A')), user('r')] })).toEqual({
        systemInstruction: { parts: [{ text: 'S' }] },
        contents: [
          { role: 'user', parts: [{ text: 'q' }] },
          { role: 'model', parts: [{ text: 'A' }] },
          { role: 'user', parts: [{ text: 'r' }] },
        ],
        generationConfig: { maxOutputTokens: 9 },
      });
    },
  },
  {
    names: named('ThinkingConfig'),
    run() {
      expect(
        body({ thinking: { type: 'enabled', budget_tokens: 2048 } }).generationConfig.thinkingConfig,
      ).toMatchObject({
        thinkingBudget: 2048,
      });
    },
  },
  {
    names: named('GenerationConfig'),
    run() {
      const sampling = { temperature: 0.5, top_p: 0.9, top_k: 40, max_tokens: 7, stop_sequences: ['x'] };
      expect(body(sampling).generationConfig).toEqual({
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        maxOutputTokens: 7,
        stopSequences: ['x'],
      });
    },
  },
  {
    names: named('ImageContent'),
    run: () => expect(turns(user([png]))[0]?.parts).toEqual([{ inlineData }]),
  },
  {
    names: named(
      'ToolAndThinking_HintInjected',
      'ToolsOnly_NoHint',
      'ThinkingOnly_NoHint',
      'ToolAndThinking_NoExistingSystem',
    ),
    note: 'nothing is added to what the client says',
    run() {
      const thinking = { type: 'enabled', budget_tokens: 2048 };
      for (const more of [{ thinking, tools: [tool('f')] }, { tools: [tool('f')] }, { thinking }]) {
        expect(body(more)).not.toHaveProperty('systemInstruction');
        expect(body({ ...more, system: 'S' }).systemInstruction).toEqual({ parts: [{ text: 'S' }] });
      }
    },
  },
];

const thoughts: readonly Entry[] = [
  {
    names: named('ThinkingBlocks', 'TrailingSignedThinking_Kept'),
    run() {
      const own = { type: 'thinking', thinking: 'hm', signature: 'llmproxy.gemini.czE=' };
      expect(modelOf(own, said('A'))).toEqual([thought('hm', 'czE='), text('A')]);
      expect(modelOf(said('A'), own)).toEqual([text('A'), thought('hm', 'czE=')]);
    },
  },
  {
    names: named('ThinkingBlockWithoutSignature', 'TrailingUnsignedThinking_Removed', 'MiddleUnsignedThinking_Removed'),
    note: 'Gemini takes thoughts without a signature; only those of others mean nothing to it',
    run() {
      const plain = { type: 'thinking', thinking: 'hm' };
      expect(modelOf(plain, said('A'))).toEqual([thought('hm'), text('A')]);
      expect(modelOf(said('A'), plain)).toEqual([text('A'), thought('hm')]);
      expect(modelOf({ ...plain, signature: 'EqSig' }, said('A'))).toEqual([text('A')]);
    },
  },
  {
    names: [
      ...named(
        'CacheModeDropsRawSignature',
        'BypassModeDropsInvalidSignature',
        'LogsDroppedInvalidThinkingSignature',
        'BypassMode_DropsRedactedThinkingBlocks',
        'BypassMode_DropsWrappedRedactedThinking',
        'BypassMode_DropsWrappedRedactedThinkingBeforeTool',
        'BypassMode_MultiTurnRedactedThinking',
      ),
    ],
    note: 'what Claude withheld is for Claude; the client is told in a warning',
    run() {
      const redacted = { type: 'redacted_thinking', data: 'EqSig' };
      const foreign = { type: 'thinking', thinking: 'hm', signature: 'EqSig' };
      expect(modelOf(redacted, said('A'))).toEqual([text('A')]);
      const messages = [
        user('q'),
        assistant(redacted, foreign, use('t1')),
        user([result('t1', 'ok')]),
        assistant(redacted, said('B')),
        user('r'),
      ];
      expect(modelParts(turns(...messages))).toEqual([call('f', {}, BYPASS), text('B')]);
      const reason = 'reasoning of another provider means nothing to Gemini';
      expect(request(claude, 'gemini', { max_tokens: 9, messages }).warnings).toEqual([
        { path: 'messages[1].content[0]', reason },
        { path: 'messages[1].content[1]', reason },
        { path: 'messages[3].content[0]', reason },
      ]);
    },
  },
  {
    names: names['antigravity/claude'].filter(
      (name) =>
        /^(ValidateBypassMode|ResolveBypassMode|InspectClaudeSignature|InspectDoubleLayer)/.test(name) ||
        /_BypassMode(NormalizesESignature|PreservesShortValidSignature|DropsGeminiSignature|DropsGeminiEPrefixSignature)$/.test(
          name,
        ) ||
        name.endsWith('_BypassMode_KeepsNonEmptyThinking'),
    ),
    because: reasons.otherAccounts,
  },
];

const tools: readonly Entry[] = [
  {
    names: named('ToolDeclarations'),
    run() {
      const given = { ...tool('f'), description: 'D', cache_control: { type: 'ephemeral' }, defer_loading: true };
      expect(body({ tools: [given] }).tools).toEqual([
        {
          functionDeclarations: [
            { name: 'f', description: 'D', parametersJsonSchema: { type: 'object', properties: {} } },
          ],
        },
      ]);
    },
  },
  {
    names: named('DeduplicatesAndDisambiguatesTools'),
    run() {
      const given = [tool('f'), tool('f'), tool('a b'), tool('a_b')];
      const declared = body({ tools: given }).tools[0].functionDeclarations.map(({ name }: Wire) => name);
      expect(declared).toHaveLength(3);
      expect(new Set(declared).size).toBe(3);
      expect(declared).toContain('a_b');
    },
  },
  {
    names: named('MapsToolResultNameOnce', 'ToolResultName_TouluFormat', 'ToolResultName_CustomFormat'),
    note: 'the name of a result is that of its call, whatever the form of the id',
    run() {
      for (const id of ['toolu_01AbC', 'custom-id-1', 'other-name-1732-1']) {
        expect(answered('ok', id)).toEqual({ id, name: 'f', response: { output: 'ok' } });
      }
    },
  },
  {
    names: named('ToolResultName_NoMatchingToolUse_Heuristic', 'ToolResultName_NoMatchingToolUse_RawID'),
    note: 'Gemini refuses a response without a call, and a name is not guessed from an id: it is told as text',
    run() {
      expect(turns(user('q'), user([result('read_file-17-1', 'ok')]))).toEqual([
        { role: 'user', parts: [{ text: 'q' }, { text: 'Tool result: ok' }] },
      ]);
    },
  },
  {
    names: named('ToolChoice_SpecificTool'),
    run() {
      const { toolConfig } = body({ tools: [tool('f')], tool_choice: { type: 'tool', name: 'f' } });
      expect(toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } });
    },
  },
  {
    names: named('ToolUse'),
    run: () => {
      const list = turns(user('q'), assistant(use('t1', { a: 1 })), user([result('t1', 'ok')]));
      expect(list[1]?.parts).toEqual([call('f', { a: 1 }, BYPASS, 't1')]);
    },
  },
  {
    names: named('ToolUsePreservesPresentNonObjectInput'),
    run() {
      const args = (input: unknown) =>
        turns(user('q'), assistant(use('t1', input)), user([result('t1', 'ok')]))[1]?.parts[0].functionCall.args;
      expect([args('text'), args([1]), args({})]).toEqual([{ _raw: '"text"' }, { _raw: '[1]' }, {}]);
    },
  },
  {
    names: named(
      'ReorderThinking',
      'ReorderTextAfterFunctionCall',
      'ReorderParallelFunctionCalls',
      'ReorderThinkingAndTextBeforeFunctionCall',
    ),
    note: 'the order of the turn stays as it was: Gemini itself answers in any order',
    run() {
      const own = { type: 'thinking', thinking: 'hm', signature: 'llmproxy.gemini.czE=' };
      const content = [said('A'), use('t1'), own, said('B'), use('t2', {}, 'g')];
      const list = turns(user('q'), assistant(...content), user([result('t2', 'two'), result('t1', 'one')]));
      expect(modelParts(list)).toEqual([text('A'), call('f', {}, BYPASS), thought('hm', 'czE='), text('B'), call('g')]);
      expect(list[2]?.parts.map(({ functionResponse }: Wire) => functionResponse.name)).toEqual(['f', 'g']);
    },
  },
  {
    names: named('ToolResult', 'ToolResultNoContent', 'ToolResultNullContent'),
    run() {
      expect(answered('ok')).toEqual({ id: 't1', name: 'f', response: { output: 'ok' } });
      expect(answered(undefined)?.response).toEqual({ output: '' });
      expect(answered(null)?.response).toEqual({ output: '' });
    },
  },
  {
    names: named(
      'ToolResultWithImage',
      'ToolResultWithSingleImage',
      'ToolResultWithMultipleImagesAndTexts',
      'ToolResultWithOnlyMultipleImages',
    ),
    run() {
      const parts = [{ inlineData }];
      expect(answered([said('see'), png])).toMatchObject({ response: { output: 'see' }, parts });
      expect(answered([png])).toMatchObject({ response: { output: '' }, parts });
      expect(answered([said('a'), png, said('b'), png])).toMatchObject({
        response: { output: 'a\nb' },
        parts: [...parts, ...parts],
      });
      expect(answered([png, png])).toMatchObject({ response: { output: '' }, parts: [...parts, ...parts] });
    },
  },
  {
    names: named('ToolResultImageNotBase64', 'ToolResultImageMissingData', 'ToolResultImageMissingMediaType'),
    note: 'an image by URL is sent by URL; one without data is the client’s mistake; without a type it is one of bytes',
    run() {
      const fileData = { mimeType: 'image/png', fileUri: 'https://a.test/i.png' };
      expect(answered([image({ type: 'url', url: 'https://a.test/i.png' })])?.parts).toEqual([{ fileData }]);
      expect(() => answered([image({ type: 'base64', media_type: 'image/png' })])).toThrow('data');
      expect(answered([image({ type: 'base64', data: 'iVBO' })])?.parts).toEqual([
        { inlineData: { mimeType: 'application/octet-stream', data: 'iVBO' } },
      ]);
    },
  },
  {
    names: ['ConvertClaudeRequestToAntigravityStripsPropertyNames'],
    run() {
      const input_schema = { type: 'object', properties: {}, propertyNames: { pattern: 'a' } };
      expect(
        body({ tools: [{ name: 'f', input_schema }] }).tools[0].functionDeclarations[0].parametersJsonSchema,
      ).not.toHaveProperty('propertyNames');
    },
  },
];

const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 3 };
const groundingMetadata = {
  webSearchQueries: ['q1'],
  groundingChunks: [
    { web: { uri: 'https://a.test', title: 'A' } },
    { web: { uri: '', title: 'none' } },
    { web: { uri: 'https://a.test', title: 'A' } },
  ],
  groundingSupports: [
    { segment: { startIndex: 0, endIndex: 3, text: 'One' }, groundingChunkIndices: [0] },
    { segment: { startIndex: 0, endIndex: 8, text: 'One two.' }, groundingChunkIndices: [0] },
  ],
};
const grounded = reply([text('One two.')], {
  candidates: [{ content: { role: 'model', parts: [text('One two.')] }, finishReason: 'STOP', groundingMetadata }],
});
const typesOf = (blocks: readonly Wire[]): string[] => blocks.map(({ type }) => type);

const searches: readonly Entry[] = [
  {
    names: named(
      'MapsTypedWebSearchToIndependentSearchRequest',
      'UsesDefaultWebSearchMaxResultCountWithoutMaxUses',
      'DoesNotMapTypedWebSearchForUnsupportedRouteModel',
      'DoesNotMapTypedWebSearchForFlashAgentWithoutCapability',
      'DoesNotMapTypedWebSearchForOtherModels',
    ),
    note: 'Gemini itself searches within any request',
    run() {
      for (const tools of [[search], [{ type: 'web_search_20260209', name: 'web_search' }]]) {
        expect(body({ tools }).tools).toEqual([{ googleSearch: {} }]);
      }
    },
  },
  {
    names: named('DoesNotMapTypedWebSearchWhenMixedWithCustomTools'),
    run() {
      const { body: sent, warnings } = request(claude, 'gemini', {
        max_tokens: 9,
        messages: [user('q')],
        tools: [search, tool('f')],
      });
      expect(sent.tools.flatMap((entry: Wire) => Object.keys(entry))).toEqual(['functionDeclarations']);
      expect(warnings.map(({ path }) => path)).toContain('tools[0]');
    },
  },
  {
    names: [
      'ConvertAntigravityResponseToClaudeNonStream_WebSearchGrounding',
      'WebSearchResultsFromGrounding_DeduplicatesAndSkipsEmptyURLs',
      'BuildWebSearchCitedTextBlocks_TrimsOverlappingGroundingSupports',
    ],
    note: 'the text stays one block; its citations are those of its sources',
    run() {
      const { body: given } = answer(claude, 'gemini', grounded);
      const blocks = given.content;
      expect(typesOf(blocks).sort()).toEqual(['server_tool_use', 'text', 'web_search_tool_result']);
      const found = blocks.find(({ type }: Wire) => type === 'web_search_tool_result');
      expect(found.content.map(({ url }: Wire) => url)).toEqual(['https://a.test']);
      const texts = blocks.filter(({ type }: Wire) => type === 'text');
      expect(texts.map((block: Wire) => block.text).join('')).toBe('One two.');
      expect(given.usage.server_tool_use.web_search_requests).toBe(1);
    },
  },
  {
    names: ['ConvertAntigravityResponseToClaudeNonStream_WebSearchGroundingRequiresNativeGoogleSearch'],
    run() {
      const { body: given } = answer(claude, 'gemini', reply([text('One two.')]));
      expect(typesOf(given.content)).toEqual(['text']);
    },
  },
  {
    names: [
      'ConvertAntigravityResponseToClaudeStream_WebSearchGrounding',
      'ConvertAntigravityResponseToClaudeStream_WebSearchBuffersTextUntilGrounding',
      'ConvertAntigravityResponseToClaudeStream_WebSearchMessageStartOutputTokensZero',
    ],
    note: 'text is not held back; what grounds it comes with the last frame',
    run() {
      const events = stream(claude, 'gemini', [grounded]).map(({ data }) => data);
      const starts = events.flatMap(({ type, content_block }) =>
        type === 'content_block_start' ? [content_block.type] : [],
      );
      expect(starts).toEqual(['text', 'server_tool_use', 'web_search_tool_result']);
      expect(events[0].message.usage.output_tokens).toBe(0);
    },
  },
];

export const antigravityClaude: Group = {
  group: 'antigravity/claude',
  entries: [...basics, ...thoughts, ...tools, ...searches, ...antigravityClaudeCarriers],
};
