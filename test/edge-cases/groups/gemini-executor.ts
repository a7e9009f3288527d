/** What a Gemini upstream is sent, whoever asks. */
import { expect } from 'vitest';
import type { Credential } from '../../../src/credentials/credential.ts';
import { encodeCountTokensRequest } from '../../../src/dialects/gemini/count-tokens.ts';
import { upstreamHeaders } from '../../../src/pipeline/upstream-headers.ts';
import { gemini as geminiProvider } from '../../../src/providers/gemini/index.ts';
import { credential, target } from '../../support/pipeline-harness.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import { BYPASS, call, contents, modelParts, text, thought } from '../gemini-turns.ts';
import type { Entry, Group } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { every, withRules } from '../payload.ts';
import { reasons } from '../reasons.ts';
import { request } from '../through.ts';

const user = (...parts: Wire[]): Wire => ({ role: 'user', parts });
const model = (...parts: Wire[]): Wire => ({ role: 'model', parts });
const response = (name: string): Wire => ({ functionResponse: { name, response: { output: 'ok' } } });
const turns = (...list: Wire[]): Wire[] => contents('gemini', { contents: list });
const lead = user(text(''));
/** A history that begins with what the model said. */
const beginsWithModel = {
  input: [
    { role: 'assistant', content: 'A' },
    { role: 'user', content: 'q' },
  ],
};
const foreign = Buffer.from('llmproxy.anthropic-messages.CAISfake').toString('base64');
const counted = (list: readonly Wire[]): Wire => {
  const { body } = request('gemini', 'gemini', { contents: list, generationConfig: { temperature: 1 } });
  return encodeCountTokensRequest(JSON.parse(JSON.stringify(body)), 'm', true);
};

const leads: readonly Entry[] = [
  {
    names: [
      'GeminiExecutorExecutePrependsLeadingUser',
      'GeminiExecutorExecutePrependsLeadingUserForIssue4959ResponsesHistory',
      'GeminiExecutorCountTokensPrependsLeadingUser',
    ],
    run() {
      const list = [lead, model(text('A')), user(text('q'))];
      expect(turns(model(text('A')), user(text('q')))).toEqual(list);
      expect(contents('openai-responses', beginsWithModel)).toEqual(list);
      expect(counted([model(text('A')), user(text('q'))])).toEqual({ contents: list });
    },
  },
];

const capped: readonly Entry[] = [
  {
    names: ['CapGeminiMaxOutputTokensUsesOutputTokenLimit', 'GeminiExecutorExecuteCapsMaxOutputTokensBeforeUpstream'],
    run() {
      const asked = { messages: [{ role: 'user', content: 'q' }], max_tokens: 99 };
      const { body, warnings } = request('openai-chat', 'gemini', asked, { maxOutputTokens: 10 });
      expect(body.generationConfig).toEqual({ maxOutputTokens: 10 });
      expect(warnings).toEqual([{ path: 'sampling.maxOutputTokens', reason: 'the model generates at most 10 tokens' }]);
    },
  },
  {
    names: ['CapGeminiMaxOutputTokensLeavesAllowedOrUnknown'],
    run() {
      const sent = (target: Wire) =>
        request('openai-chat', 'gemini', { messages: [], max_tokens: 9 }, target).body.generationConfig;
      expect([sent({ maxOutputTokens: 10 }), sent({ maxOutputTokens: 9 }), sent({})]).toEqual(
        Array(3).fill({ maxOutputTokens: 9 }),
      );
    },
  },
];

export const geminiExecutor: Group = {
  group: 'gemini_executor',
  entries: [
    ...leads,
    ...capped,
    {
      names: ['GeminiExecutorAppliesPayloadRulesBeforeLeadingUserNormalization'],
      note: 'rules have the last word: they see the body as it is sent',
      run() {
        const { body } = request('openai-responses', 'gemini', beginsWithModel);
        const settings = { override: [{ models: every, params: { 'contents.0.parts.0.text': 'Begin.' } }] };
        const changed = withRules(settings, JSON.parse(JSON.stringify(body)), { upstream: 'gemini' });
        expect(changed['contents']).toEqual([user(text('Begin.')), model(text('A')), user(text('q'))]);
      },
    },
    { names: ['GeminiExecutorInteractionsWithGeminiAPIKeyUsesGeminiEndpoint'], because: reasons.interactions },
    { names: names.gemini_executor.filter((name) => /NativeInteractions/.test(name)), because: reasons.interactions },
    {
      names: ['GeminiExecutor_PrepareRequest_EmptyAPIKey_OmitsAuthHeaders'],
      run() {
        for (const secret of [undefined, '']) {
          const own: Credential = { ...credential('c1'), secret };
          const headers = upstreamHeaders(
            { ...target('http://127.0.0.1:9'), provider: geminiProvider, credential: own },
            {},
            'ua',
          );
          expect(headers).not.toHaveProperty('x-goog-api-key');
          expect(headers).not.toHaveProperty('authorization');
        }
      },
    },
  ],
};

export const geminiContentTurns: Group = {
  group: 'gemini_content_turns',
  entries: [
    { names: ['EnsureGeminiLeadingUserContentReusesLargeValidPayload'], because: reasons.goInternal },
    {
      names: ['EnsureGeminiLeadingUserContent'],
      run() {
        expect(turns(model(text('A')))).toEqual([lead, model(text('A'))]);
        expect(turns(user(text('q')), model(text('A')))).toEqual([user(text('q')), model(text('A'))]);
        expect(turns(user(text('q')))).toEqual([user(text('q'))]);
      },
    },
  ],
};

const sanitizes = names.gemini_executor_signature.filter((name) => name.includes('Sanitizes'));
const keeps = names.gemini_executor_signature.filter((name) => name.includes('PreservesNative'));
const uncorrupted = names.gemini_executor_signature.filter((name) => name.includes('NotCorrupted'));

export const geminiExecutorSignature: Group = {
  group: 'gemini_executor_signature',
  entries: [
    {
      names: sanitizes,
      note: 'the tag says that Claude made it; forms are not guessed',
      run() {
        const list = [user(text('q')), model(thought('hm', foreign), text('A', foreign)), user(text('r'))];
        expect(modelParts(turns(...list))).toEqual([text('A')]);
        expect(modelParts(counted(list).contents)).toEqual([text('A')]);
      },
    },
    {
      names: ['GeminiExecutorExecute_FunctionCall_ReplacesClaudeSignatureWithBypass'],
      run() {
        const list = turns(user(text('q')), model(call('f', {}, foreign)), user(response('f')));
        expect(modelParts(list)).toEqual([call('f', {}, BYPASS)]);
      },
    },
    {
      names: keeps,
      run() {
        const parts = [thought('hm', 'czE='), text('A', 'czI='), call('f', {}, 'czM=')];
        expect(modelParts(turns(user(text('q')), model(...parts), user(response('f'))))).toEqual(parts);
      },
    },
    {
      names: uncorrupted,
      run() {
        const list = [
          user(text('q'), { inlineData: { mimeType: 'image/png', data: 'iVBO' } }),
          model(text('A')),
          user(text('r')),
        ];
        expect(turns(...list)).toEqual(list);
      },
    },
  ],
};

const roles = names.antigravity_executor_signature;

export const antigravityExecutorSignature: Group = {
  group: 'antigravity_executor_signature',
  entries: [
    {
      names: ['SanitizeAntigravityGeminiRequestSignaturesFinalizesParallelCalls'],
      run() {
        const list = turns(
          user(text('q')),
          model(call('f', {}, foreign), call('g', {}, foreign)),
          user(response('f'), response('g')),
        );
        expect(modelParts(list)).toEqual([call('f', {}, BYPASS), call('g')]);
      },
    },
    {
      names: roles.filter((name) => /PrependsLeadingUser|MatchesTargetLeadingUserPolicy/.test(name)),
      run() {
        expect(contents('openai-responses', beginsWithModel)[0]).toEqual(lead);
        const calls = turns(model(call('f', {}, 'czE=')), user(response('f')));
        expect(calls[0]).toEqual(lead);
        expect(modelParts(calls)).toEqual([call('f', {}, 'czE=')]);
        expect(counted([model(text('A')), user(text('q'))]).contents[0]).toEqual(lead);
      },
    },
    {
      names: ['AntigravityStreamDoesNotPrependLeadingUserForClaudeTarget'],
      note: 'Claude gets a leading turn of its own, as it refuses a conversation that the assistant begins',
      run() {
        const { body } = request('openai-responses', 'anthropic-messages', beginsWithModel);
        expect(body.messages.map(({ role }: Wire) => role)).toEqual(['user', 'assistant', 'user']);
      },
    },
    {
      names: ['AntigravityExecutorCountTokensSanitizesGeminiToolHistory'],
      run() {
        const list = [user(text('q')), model(call('f', {}, foreign)), user(response('f'))];
        expect(modelParts(counted(list).contents)).toEqual([call('f', {}, BYPASS)]);
        expect(Object.keys(counted(list))).toEqual(['contents']);
      },
    },
    {
      names: ['AntigravityExecutorCountTokensReconstructsCompactedClaudeToolCall'],
      note: 'calls that a client left out of its history are not made up: a result without its call is told as text',
      run: () =>
        expect(counted([user(text('q')), user(response('f'))]).contents).toEqual([
          user(text('q'), text('Result of tool f: ok')),
        ]),
    },
    {
      names: ['NormalizeAntigravityGeminiFunctionResponseRolesLeavesMixedUserContent'],
      run() {
        const list = turns(user(text('q')), model(call('f')), user(response('f'), text('and')));
        expect(list[2]?.parts.map((part: Wire) => Object.keys(part)[0])).toEqual(['functionResponse', 'text']);
      },
    },
    {
      names: ['NormalizeAntigravityGeminiFunctionResponseRolesOrdersParallelResponses'],
      run() {
        const list = turns(user(text('q')), model(call('f'), call('g')), {
          role: 'function',
          parts: [response('g'), response('f')],
        });
        expect(list[2]?.role).toBe('user');
        expect(list[2]?.parts.map(({ functionResponse }: Wire) => functionResponse.name)).toEqual(['f', 'g']);
      },
    },
    {
      names: ['NormalizeAntigravityGeminiFunctionResponseRolesDoesNotCrossEmptyContentBoundary'],
      note: 'a content without parts says nothing and parts nothing',
      run() {
        const list = turns(user(text('q')), model(call('f')), user(), user(response('f')));
        expect(list[2]?.parts[0].functionResponse.response).toEqual({ output: 'ok' });
      },
    },
    {
      names: ['AntigravityExecutor_GeminiTargetPreservesGeminiThinkingCarrier'],
      run() {
        const block = { type: 'thinking', thinking: '', signature: 'next:llmproxy.gemini.czE=' };
        const messages = [
          { role: 'user', content: 'q' },
          { role: 'assistant', content: [block, { type: 'text', text: 'A' }] },
        ];
        expect(modelParts(contents('anthropic-messages', { max_tokens: 9, messages }))).toEqual([text('A', 'czE=')]);
      },
    },
    {
      names: roles.filter((name) => /_(StrictBypass|NonStrictBypass|CacheMode|LogsSanitized)/.test(name)),
      because: reasons.otherAccounts,
    },
  ],
};

const built = names.antigravity_executor_buildrequest;
const isSchema = (name: string): boolean => /Schema/.test(name);

export const antigravityBuildRequest: Group = {
  group: 'antigravity_executor_buildrequest',
  entries: [
    {
      names: built.filter(isSchema),
      run() {
        const body = (more: Wire): Wire => request('gemini', 'gemini', { contents: [user(text('q'))], ...more }).body;
        const parameters = {
          type: 'object',
          properties: { a: { type: 'string', pattern: '^x' } },
          required: ['a', 'gone'],
        };
        const [declared] = body({ tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] }).tools[0]
          .functionDeclarations;
        expect(declared.parametersJsonSchema).toMatchObject({ required: ['a'] });
        expect(declared.parametersJsonSchema.properties.a).toEqual({ type: 'string', description: '(pattern: ^x)' });
        expect([body({}), body({ tools: [] })]).toEqual(Array(2).fill({ contents: [user(text('q'))] }));
      },
    },
    { names: built.filter((name) => !isSchema(name)), because: reasons.otherAccounts },
  ],
};

export const aistudioExecutor: Group = {
  group: 'aistudio_executor',
  entries: [{ names: names.aistudio_executor, because: reasons.otherAccounts }],
};

export const vertexPayload: Group = {
  group: 'vertex_payload_helpers',
  entries: [{ names: names.vertex_payload_helpers, because: reasons.goInternal }],
};
