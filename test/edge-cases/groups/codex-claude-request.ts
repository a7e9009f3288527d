/** A Claude client of a Responses upstream: what is sent. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import { request } from '../through.ts';

const user = { role: 'user', content: 'hi' };
const userItem = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] };
const said = (text: string): Wire => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
const tool = (name: string): Wire => ({ name, description: 'd', input_schema: { type: 'object', properties: {} } });

const send = (body: Wire): ReturnType<typeof request> =>
  request('anthropic-messages', 'openai-responses', { max_tokens: 9, messages: [user], ...body });

/** The input made of an assistant turn with that content. */
const turn = (content: readonly Wire[]): ReturnType<typeof request> =>
  send({ messages: [user, { role: 'assistant', content }, user] });

const signed = (signature: string): Wire => ({ type: 'thinking', thinking: 'hm', signature });
const FOREIGN = [
  { path: 'messages[1].content[0]', reason: 'reasoning of another provider cannot be continued by the Responses API' },
];

export const requests: readonly Entry[] = [
  {
    names: ['ConvertClaudeRequestToCodex_SystemMessageScenarios'],
    note: 'The system prompt is `instructions`, which is what the API has for it.',
    run() {
      expect(send({ system: 'S' }).body).toMatchObject({ instructions: 'S', input: [userItem] });
      const blocks = [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B', cache_control: { type: 'ephemeral' } },
      ];
      expect(send({ system: blocks }).body).toMatchObject({ instructions: 'A\n\nB', input: [userItem] });
      for (const system of [undefined, '', []]) expect(send({ system }).body.instructions).toBeUndefined();
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_MessageSystemRoleWrapsAsUserReminder'],
    note: 'The API takes instructions amid a conversation: they stay what they are, as a developer message.',
    run() {
      const { body } = send({ messages: [user, { role: 'system', content: 'mind this' }, user] });
      const developer = { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'mind this' }] };
      expect(body.input).toEqual([userItem, developer, userItem]);
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_ParallelToolCalls'],
    run() {
      const tools = [tool('t')];
      const choice = (disable_parallel_tool_use?: boolean): Wire =>
        send({ tools, tool_choice: { type: 'auto', disable_parallel_tool_use } }).body.parallel_tool_calls;
      expect([choice(true), choice(false), choice()]).toEqual([false, undefined, undefined]);
      expect(send({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }).body).not.toHaveProperty(
        'parallel_tool_calls',
      );
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_ServiceTier'],
    run() {
      const tier = (fields: Wire): Wire => send(fields).body.service_tier;
      expect(tier({ service_tier: 'priority' })).toBe('priority');
      expect(tier({ service_tier: 'fast' })).toBe('priority');
      expect(tier({ speed: 'fast' })).toBe('priority');
      expect(tier({ service_tier: 'standard_only' })).toBe('default');
      expect(tier({})).toBeUndefined();
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_ShortenLongToolUseIDs'],
    run() {
      const ids = [`${'x'.repeat(70)}a`, `${'x'.repeat(70)}b`];
      const { body } = send({
        messages: [
          user,
          { role: 'assistant', content: ids.map((id) => ({ type: 'tool_use', id, name: 't', input: {} })) },
          { role: 'user', content: ids.map((id) => ({ type: 'tool_result', tool_use_id: id, content: id.at(-1) })) },
        ],
      });
      const [first, second] = body.input.slice(1, 3).map((item: Wire) => item.call_id);
      expect(first).toHaveLength(64);
      expect(second).not.toBe(first);
      expect(body.input.slice(3)).toEqual([
        { type: 'function_call_output', call_id: first, output: 'a' },
        { type: 'function_call_output', call_id: second, output: 'b' },
      ]);
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_ToolChoiceModeMapping'],
    run() {
      const choice = (tool_choice: Wire): Wire => send({ tools: [tool('t')], tool_choice }).body.tool_choice;
      expect(choice({ type: 'auto' })).toBe('auto');
      expect(choice({ type: 'any' })).toBe('required');
      expect(choice({ type: 'none' })).toBe('none');
      expect(choice({ type: 'tool', name: 't' })).toEqual({ type: 'function', name: 't' });
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_ToolChoiceSpecificFunctionUsesConvertedName'],
    run() {
      const names = ['1', '2'].map((end) => `mcp__server__${'n'.repeat(70)}${end}`);
      const { body } = send({ tools: names.map(tool), tool_choice: { type: 'tool', name: names[1] } });
      const [first, second] = body.tools.map((wire: Wire) => wire.name);
      expect([first.length, second.length]).toEqual([64, 64]);
      expect(second).not.toBe(first);
      expect(body.tool_choice).toEqual({ type: 'function', name: second });
    },
  },
  {
    names: [
      'ConvertClaudeRequestToCodex_WebSearchToolMapping',
      'ConvertClaudeRequestToCodex_WebSearchToolChoiceUsesDeclaredTypedToolName',
    ],
    run() {
      const user_location = { type: 'approximate', city: 'Oslo' };
      const search = { type: 'web_search_20250305', name: 'find', allowed_domains: ['example.com'], user_location };
      const { body } = send({ tools: [search, tool('t')], tool_choice: { type: 'tool', name: 'find' } });
      expect(body.tools[0]).toEqual({
        type: 'web_search',
        filters: { allowed_domains: ['example.com'] },
        user_location,
      });
      expect(body.tools[1].name).toBe('t');
      expect(body.tool_choice).toEqual({ type: 'web_search' });
    },
  },
  {
    names: ['ConvertClaudeRequestToCodexWithCompatPreservesEmptyThinking'],
    note: 'Reasoning without a signature means nothing to the API, which keeps none of it: it is left out and named.',
    run() {
      for (const block of [signed(''), { type: 'thinking', thinking: '', signature: '' }]) {
        const { body, warnings } = turn([block, { type: 'text', text: 'a' }]);
        expect(body.input).toEqual([userItem, said('a'), userItem]);
        expect(warnings).toEqual(FOREIGN);
      }
    },
  },
  {
    names: [
      'ConvertClaudeRequestToCodex_AssistantThinkingSignatureToReasoningItem',
      'ConvertClaudeRequestToCodex_AssistantGrokSignatureToReasoningItem',
    ],
    note: 'A signature is known by the tag that it was handed out with, not by its looks.',
    run() {
      for (const maker of ['', '~openai', '~xai']) {
        const { body, warnings } = turn([
          signed(`llmproxy.openai-responses${maker}.gAAAAfake`),
          { type: 'text', text: 'a' },
        ]);
        const reasoning = {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'hm' }],
          encrypted_content: 'gAAAAfake',
        };
        expect(body.input).toEqual([userItem, reasoning, said('a'), userItem]);
        expect(warnings).toEqual([]);
      }
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_IgnoresNonCodexThinkingSignatures'],
    run() {
      for (const signature of ['EqQBfake', 'llmproxy.gemini.fake', 'llmproxy.anthropic-messages.fake']) {
        const { body, warnings } = turn([signed(signature), { type: 'text', text: 'a' }]);
        expect(body.input).toEqual([userItem, said('a'), userItem]);
        expect(warnings).toEqual(FOREIGN);
      }
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_PreservesBase64PDFDocumentContent'],
    run() {
      const source = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' };
      const document = { type: 'document', source, title: 'plan.pdf' };
      const file = { type: 'input_file', filename: 'plan.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' };
      const { body } = send({ messages: [{ role: 'user', content: [{ type: 'text', text: 'read' }, document] }] });
      expect(body.input[0].content).toEqual([{ type: 'input_text', text: 'read' }, file]);
      const result = { type: 'tool_result', tool_use_id: 'c1', content: [document] };
      const call = { type: 'tool_use', id: 'c1', name: 't', input: {} };
      const { body: second } = send({
        messages: [user, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }],
      });
      expect(second.input[2].output).toEqual([file]);
    },
  },
  {
    names: ['ConvertClaudeRequestToCodex_PreservesContentOrderAcrossToolAndReasoningItems'],
    run() {
      const text = (value: string): Wire => ({ type: 'text', text: value });
      const { body } = send({
        messages: [
          user,
          {
            role: 'assistant',
            content: [
              text('one'),
              signed('llmproxy.openai-responses.gAAAAfake'),
              text('two'),
              { type: 'tool_use', id: 'c1', name: 't', input: { a: 1 } },
            ],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'r' }, text('more')] },
        ],
      });
      const kinds = body.input.map((item: Wire) => item.content?.[0].text ?? item.type);
      expect(kinds).toEqual(['hi', 'one', 'reasoning', 'two', 'function_call', 'function_call_output', 'more']);
      expect(body.input[4]).toEqual({ type: 'function_call', call_id: 'c1', name: 't', arguments: '{"a":1}' });
    },
  },
  {
    names: ['ConvertClaudeRequestToCodexNormalizesNonStringToolName'],
    note: 'A name that is no string is the client’s mistake: it is told where.',
    run() {
      expect(() => send({ tools: [{ ...tool('t'), name: 5 }] })).toThrow(/^tools\[0\]\.name: must be a string$/);
      const call = { type: 'tool_use', id: 'c1', name: 5, input: {} };
      expect(() => turn([call])).toThrow(/^messages\[1\]\.content\[0\]\.name: .*must be a string$/);
    },
  },
];
