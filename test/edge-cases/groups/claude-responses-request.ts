/** What Responses clients ask of Claude models: turns, reasoning, instructions. */
import { expect } from 'vitest';
import { text, thinking, toolUse } from '../claude-wire.ts';
import type { Entry } from '../ledger.ts';
import { request } from '../through.ts';

type Body = Parameters<typeof request>[2];

const toClaude = (input: unknown, more: Body = {}, target: Body = {}) =>
  request('openai-responses', 'anthropic-messages', { input, ...more }, target);
const turns = (input: unknown, more: Body = {}, target: Body = {}) => toClaude(input, more, target).body.messages;
const user = (content: unknown, more: object = {}) => ({ type: 'message', role: 'user', content, ...more });
const said = (value: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text: value }],
});
const input = (value: string, more: object = {}) => ({ type: 'input_text', text: value, ...more });
const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'f', arguments: '{}' });
const output = (id: string, value: unknown = 'r') => ({ type: 'function_call_output', call_id: id, output: value });
const result = (id: string, ...content: object[]) => ({ type: 'tool_result', tool_use_id: id, content });
const reasoning = (more: object) => ({ type: 'reasoning', id: 'rs_1', summary: [], ...more });
const summary = [{ type: 'summary_text', text: 'T' }];
const mark = { cache_control: { type: 'ephemeral' } };
const asUser = (...content: object[]) => ({ role: 'user', content });
const asAssistant = (...content: object[]) => ({ role: 'assistant', content });

/** How a client holds what Claude signed. */
const HELD = 'llmproxy.anthropic-messages.EqSig';
const HELD_REDACTED = 'llmproxy.anthropic-messages.redacted:DATA';
const lost = 'reasoning without a Claude signature cannot be sent back to Claude';

/** The assistant's turn between two of the user. */
const between = (...items: object[]) => turns([user('a'), ...items, user('b')])[1];

export const responsesToClaude: readonly Entry[] = [
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SanitizesToolCallIDsForClaude'],
    run() {
      const items = [call('call:1'), call('call/1'), output('call:1', 'r1'), output('call/1', 'r2')];
      expect(turns([user('a'), ...items]).slice(1)).toEqual([
        asAssistant(toolUse('call_1'), toolUse('call_1_2')),
        asUser(result('call_1', text('r1')), result('call_1_2', text('r2'))),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_ReasoningItemToThinkingBlock'],
    run() {
      const item = reasoning({ summary, encrypted_content: HELD });
      expect(between(item, said('x'))).toEqual(asAssistant(thinking('T'), text('x')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SignatureOnlyReasoningFlushesBeforeUser'],
    run() {
      expect(turns([user('a'), reasoning({ encrypted_content: HELD }), user('b')])).toEqual([
        asUser(text('a')),
        asAssistant(thinking('')),
        asUser(text('b')),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_RedactedReasoningItemRestoresRedactedThinking'],
    run() {
      const item = reasoning({ encrypted_content: HELD_REDACTED });
      expect(between(item, said('x'))).toEqual(asAssistant({ type: 'redacted_thinking', data: 'DATA' }, text('x')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_EmptyRedactedReasoningItemIsDropped'],
    run() {
      const item = reasoning({ encrypted_content: 'llmproxy.anthropic-messages.redacted:' });
      expect(between(item, said('x'))).toEqual(asAssistant(text('x')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_ReasoningContentTextRebuildsThinking'],
    run() {
      const content = [{ type: 'reasoning_text', text: 'C' }];
      const item = reasoning({ content, encrypted_content: HELD });
      expect(between(item, said('x'))).toEqual(asAssistant(thinking('C'), text('x')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SummaryWinsOverDuplicatedReasoningContent'],
    run() {
      const content = [{ type: 'reasoning_text', text: 'T' }];
      const item = reasoning({ summary, content, encrypted_content: HELD });
      expect(between(item, said('x'))).toEqual(asAssistant(thinking('T'), text('x')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_DropsIncompatibleReasoningSignature'],
    run() {
      const foreign = reasoning({ summary, encrypted_content: 'gAAAAABfake' });
      const { body, warnings } = toClaude([user('a'), foreign, said('x'), user('b')]);
      expect(body.messages[1]).toEqual(asAssistant(text('x')));
      expect(warnings).toEqual([{ path: 'input[1].content[0]', reason: lost }]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaudeWithCompatPreservesEmptyReasoning'],
    run() {
      const items = [user('a'), reasoning({}), call('c1'), output('c1')];
      const unsigned = { type: 'thinking', thinking: '', signature: '' };
      expect(turns(items, {}, { unsignedReasoning: true })[1]).toEqual(asAssistant(unsigned, toolUse('c1')));
      expect(turns(items)[1]).toEqual(asAssistant(toolUse('c1')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_GroupsAssistantAndToolResultTurns'],
    run() {
      const items = [said('x'), call('c1'), call('c2'), output('c1', 'r1'), output('c2', 'r2'), said('done')];
      expect(turns([user('a'), ...items])).toEqual([
        asUser(text('a')),
        asAssistant(text('x'), toolUse('c1'), toolUse('c2')),
        asUser(result('c1', text('r1')), result('c2', text('r2'))),
        asAssistant(text('done')),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_MergesConsecutiveUserMessagesAndPreservesCacheControl'],
    run() {
      expect(turns([user('a', mark), user([input('b', mark), input('c')])])).toEqual([
        asUser({ ...text('a'), ...mark }, { ...text('b'), ...mark }, text('c')),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_DoesNotMergeAcrossRoleChanges'],
    run() {
      const roles = turns([user('a'), said('x'), user('b'), said('y'), user('c')]).map(({ role }: Body) => role);
      expect(roles).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_EmptyStringContentDoesNotBreakAssistantTurn'],
    run() {
      expect(turns([user('a'), said('x'), user(''), said('y'), user('b')])).toEqual([
        asUser(text('a')),
        asAssistant(text('x'), text('y')),
        asUser(text('b')),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_FunctionCallOutputPreservesInputImage'],
    run() {
      const image = { type: 'input_image', image_url: 'data:image/png;base64,aGk=' };
      const source = { type: 'base64', media_type: 'image/png', data: 'aGk=' };
      expect(turns([user('a'), call('c1'), output('c1', [input('t'), image])])[2]).toEqual(
        asUser(result('c1', text('t'), { type: 'image', source })),
      );
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_KeepsToolUseAdjacentToToolResult'],
    run() {
      expect(turns([user('a'), call('c1'), said('talk'), user('between'), output('c1')]).slice(1)).toEqual([
        asAssistant(text('talk'), toolUse('c1')),
        asUser(result('c1', text('r')), text('between')),
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_PreservesContentPartCacheControl'],
    run() {
      expect(turns([user([input('a', mark), input('b')])])[0]).toEqual(asUser({ ...text('a'), ...mark }, text('b')));
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SystemLevelInputsBecomeSeparateSystemBlocks'],
    run() {
      const items = [{ role: 'system', content: 'S' }, { role: 'developer', content: 'D' }, user('a')];
      expect(toClaude(items, { instructions: 'I' }).body).toMatchObject({
        system: [text('I'), text('S'), text('D')],
        messages: [asUser(text('a'))],
      });
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SystemOnlyInputKeepsFallbackUserMessage'],
    note: 'the message that Claude demands says a word, because empty text is refused',
    run() {
      const { body } = toClaude([{ role: 'system', content: 'S' }]);
      expect(body.system).toEqual([text('S')]);
      expect(body.messages).toEqual([asUser(text('(continued)'))]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SystemNonTextPartKeptAsTypedMarker'],
    note: 'Claude takes only text there: a marker would tell the model of an image that it cannot see; the client is told instead',
    run() {
      const content = [input('D'), { type: 'input_image', image_url: 'https://images.test/a.png' }];
      const { body, warnings } = toClaude([{ type: 'message', role: 'developer', content }, user('a')]);
      expect(body.system).toEqual([text('D')]);
      expect(warnings).toEqual([
        { path: 'input[0].content[1]', reason: 'Claude takes only text as instructions, not media' },
      ]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_SystemItemCacheControlAppliesToLastBlock'],
    run() {
      const item = { type: 'message', role: 'system', content: [input('a'), input('b')], ...mark };
      expect(toClaude([item, user('x')]).body.system).toEqual([text('a'), { ...text('b'), ...mark }]);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_DeduplicatesToolOutputs'],
    run() {
      const items = [call('c1'), output('c1', 'first'), output('c1', 'last')];
      const { body, warnings } = toClaude([user('a'), ...items]);
      expect(body.messages[2]).toEqual(asUser(result('c1', text('last'))));
      expect(warnings.map(({ path }) => path)).toEqual(['input[2].content[1]']);
    },
  },
  {
    names: ['ConvertOpenAIResponsesRequestToClaude_ServiceTierToSpeed'],
    note: 'fast mode is a beta at another price, which Claude clients ask for themselves; others are told that it was not',
    run() {
      const { body, warnings } = toClaude('a', { service_tier: 'priority' });
      expect(body).not.toHaveProperty('speed');
      expect(body).not.toHaveProperty('service_tier');
      expect(warnings.map(({ path }) => path)).toEqual(['serviceTier']);
      expect(toClaude('a', { service_tier: 'default' }).body.service_tier).toBe('standard_only');
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToClaude_PreservesCallerSuppliedMetadataUserID',
      'ConvertOpenAIResponsesRequestToClaude_PreservesUserField',
    ],
    run() {
      const metadata = (more: Body) => toClaude('a', more).body.metadata;
      expect(metadata({ metadata: { user_id: 'm1' }, user: 'u1' })).toEqual({ user_id: 'm1' });
      expect(metadata({ user: 'u1' })).toEqual({ user_id: 'u1' });
      expect(metadata({ safety_identifier: 's1' })).toEqual({ user_id: 's1' });
    },
  },
  {
    names: [
      'ConvertOpenAIResponsesRequestToClaude_DifferentSessionsProduceDifferentUserIDs',
      'ConvertOpenAIResponsesRequestToClaude_DifferentUserContentWithSameSystemPrompt',
    ],
    note: 'no user id is invented, whatever the session and the content',
    run() {
      for (const word of ['one', 'two']) {
        const { body } = toClaude(word, { instructions: 'I', prompt_cache_key: word });
        expect(body).not.toHaveProperty('metadata');
      }
    },
  },
];
