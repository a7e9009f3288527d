/** A Responses client of a Responses upstream: nothing is changed that need not be. */
import { expect } from 'vitest';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { completed, created, message } from '../responses-events.ts';
import { passes } from '../responses-upstream.ts';
import { answer, stream } from '../through.ts';

const FAITHFUL =
  'The body of a Responses client reaches a Responses upstream byte for byte: the API knows all of this.';
const said = (role: string, text: string): object => ({
  type: 'message',
  role,
  content: [{ type: 'input_text', text }],
});
const user = said('user', 'hi');

export const codexOpenaiResponses: Group = {
  group: 'codex/openai/responses',
  entries: [
    {
      names: [
        'ConvertSystemRoleToDeveloper_BasicConversion',
        'ConvertSystemRoleToDeveloper_MultipleSystemMessages',
        'ConvertSystemRoleToDeveloper_NoSystemMessages',
        'ConvertSystemRoleToDeveloper_AssistantRole',
        'ConvertOpenAIResponsesRequestToCodex_OriginalIssue',
      ],
      note: FAITHFUL,
      async run() {
        expect(await passes({ input: [said('system', 'S'), user] })).toBe(true);
        expect(await passes({ input: [said('system', 'S'), user, said('system', 'T'), said('developer', 'D')] })).toBe(
          true,
        );
        expect(await passes({ input: [user] })).toBe(true);
        const assistant = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] };
        expect(await passes({ input: [user, assistant, user], instructions: 'be brief' })).toBe(true);
      },
    },
    {
      names: ['ConvertSystemRoleToDeveloper_EmptyInput', 'ConvertSystemRoleToDeveloper_NoInputField'],
      note: FAITHFUL,
      async run() {
        expect(await passes({ input: [] })).toBe(true);
        expect(await passes({ prompt: { id: 'pmpt_1' } })).toBe(true);
      },
    },
    {
      names: [
        'ConvertOpenAIResponsesRequestToCodexNormalizesRequiredFields',
        'ConvertOpenAIResponsesRequestToCodex_FiltersPromptCacheRetention',
        'UserFieldDeletion',
        'ContextManagementCompactionCompatibility',
        'TruncationRemovedForCodexCompatibility',
        'ConvertOpenAIResponsesRequestToCodex_NormalizesWebSearchPreview',
        'ConvertOpenAIResponsesRequestToCodex_NormalizesTopLevelToolChoicePreviewAlias',
        'StripCodexResponsesCacheBreakpoints',
        'StripCodexResponsesCacheBreakpoints_WithSystemRole',
      ],
      note: FAITHFUL,
      async run() {
        for (const fields of [
          {
            input: 'hi',
            store: true,
            parallel_tool_calls: false,
            max_output_tokens: 9,
            temperature: 0.5,
            service_tier: 'flex',
          },
          { input: 'hi', prompt_cache_retention: '24h', user: 'u', truncation: 'auto' },
          { input: 'hi', context_management: [{ type: 'compaction', compact_threshold: 1000 }] },
          { input: 'hi', tools: [{ type: 'web_search_preview' }], tool_choice: { type: 'web_search_preview' } },
          {
            input: [
              { ...said('system', 'S'), prompt_cache_breakpoint: true },
              { ...user, prompt_cache_breakpoint: { ttl: '1h' } },
            ],
            prompt_cache_options: { mode: 'explicit' },
          },
        ]) {
          expect([fields, await passes(fields)]).toEqual([fields, true]);
        }
      },
    },
    {
      names: ['ConvertOpenAIResponsesRequestToCodexReusesNormalizedPayload'],
      because: reasons.goInternal,
    },
    {
      names: ['ConvertCodexResponseToOpenAIResponses_CreatedIncludesOriginalRequestModel'],
      run() {
        const events = stream('openai-responses', 'openai-responses', [created, completed()], {
          model: 'asked',
          input: 'hi',
        });
        expect(events.map(({ data }) => data.response?.model ?? 'asked')).toEqual(events.map(() => 'asked'));
        expect(events[0]?.event).toBe('response.created');
      },
    },
    {
      names: ['ConvertCodexResponseToOpenAIResponsesNonStreamIncomplete'],
      run() {
        const end = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
        const { response } = completed({ ...end, output: [message('half')] });
        expect(answer('openai-responses', 'openai-responses', response).body).toMatchObject(end);
      },
    },
  ],
};
