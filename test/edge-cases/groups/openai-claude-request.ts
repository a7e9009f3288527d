/** A Claude client's request to an upstream of Chat Completions. */
import { expect } from 'vitest';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Entry } from '../ledger.ts';
import { request } from '../through.ts';

const text = (value: string): Wire => ({ type: 'text', text: value });
const thinking = (value: string, signature: string): Wire => ({ type: 'thinking', thinking: value, signature });
const use: Wire = { type: 'tool_use', id: 't', name: 'ls', input: { a: 1 } };
const call: Wire = { id: 't', type: 'function', function: { name: 'ls', arguments: '{"a":1}' } };
const noReasoning = { quirks: { reasoningField: 'none' } };

function body(content: Wire, more: Wire = {}, target: Wire = {}): Wire {
  const messages = [{ role: 'user', content: 'hi' }, ...content];
  return request('anthropic-messages', 'openai-chat', { max_tokens: 10, messages, ...more }, target).body;
}

/** The messages after the first of the user. */
const messages = (content: Wire, target: Wire = {}): Wire => body(content, {}, target).messages.slice(1);
const assistant = (...content: Wire[]): Wire => ({ role: 'assistant', content });
const user = (...content: Wire[]): Wire => ({ role: 'user', content });
const result = (content: Wire, more: Wire = {}): Wire => ({ type: 'tool_result', tool_use_id: 't', content, ...more });
/** What follows the call that such a result answers. */
const answered = (...content: Wire[]): Wire => messages([assistant(use), user(...content)]).slice(1);

const reasoningNote =
  'Reasoning goes back as reasoning_content to every server that does not declare to reject it; no signature goes with it.';

const thoughts: readonly Entry[] = [
  {
    names: [
      'ConvertClaudeRequestToOpenAIWithCompatPreservesEmptySignatureThinking',
      'ConvertClaudeRequestToOpenAIWithCompatPreservesIncompatibleThinking',
      'ConvertClaudeRequestToOpenAI_SignedThinkingCompatibility',
    ],
    note: reasoningNote,
    run() {
      for (const signature of ['', 'EqQBCkgIARABGAIiQL', 'gAAAAABkbm90LXJlYWw', 'llmproxy.gemini.abc']) {
        expect(messages([assistant(thinking('hm', signature), text('a'))])).toEqual([
          { role: 'assistant', content: 'a', reasoning_content: 'hm' },
        ]);
      }
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAIWithCompatPreservesThinkingWithToolCalls'],
    run() {
      const [turn] = messages([assistant(thinking('hm', ''), use), user(result('ok'))]);
      expect(turn).toEqual({ role: 'assistant', content: null, reasoning_content: 'hm', tool_calls: [call] });
    },
  },
  {
    names: [
      'ConvertClaudeRequestToOpenAIWithCompatDoesNotAddReasoningWithoutThinking',
      'ConvertClaudeRequestToOpenAIWithoutCompatDoesNotAddReasoningForToolCalls',
    ],
    run() {
      const plain = { role: 'assistant', content: null, tool_calls: [call] };
      expect(messages([assistant(use), user(result('ok'))])[0]).toEqual(plain);
      expect(messages([assistant(thinking('hm', ''), use), user(result('ok'))], noReasoning)[0]).toEqual(plain);
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_ThinkingToReasoningContent'],
    run() {
      const redacted = { type: 'redacted_thinking', data: 'x' };
      expect(messages([assistant(thinking('one', 's'), thinking('two', 's'), redacted, text('a'))])).toEqual([
        { role: 'assistant', content: 'a', reasoning_content: 'one\n\ntwo' },
      ]);
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_UnsignedThinkingOnlyMessageDropped'],
    note: 'Only where the server does not take reasoning back: a message with nothing in it is not sent.',
    run() {
      const turns = [assistant(thinking('hm', '')), user(text('go on'))];
      expect(messages(turns, noReasoning)).toEqual([{ role: 'user', content: 'go on' }]);
      expect(messages(turns)[0]).toEqual({ role: 'assistant', content: '', reasoning_content: 'hm' });
    },
  },
];

const results: readonly Entry[] = [
  {
    names: ['ConvertClaudeRequestToOpenAI_ToolResultOrderAndContent'],
    note: 'Texts stay apart as parts of the tool message.',
    run() {
      expect(answered(text('before'), result([text('one'), text('two')]), text('after'))).toEqual([
        { role: 'tool', tool_call_id: 't', content: [text('one'), text('two')] },
        { role: 'user', content: [text('before'), text('after')] },
      ]);
      expect(answered(result([text('ok'), { type: 'unheard', a: 1 }]))[0].content[1]).toEqual(
        text('{"type":"unheard","a":1}'),
      );
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_ToolResultObjectContent'],
    run() {
      expect(answered(result({ foo: 'bar' }))).toEqual([{ role: 'tool', tool_call_id: 't', content: '{"foo":"bar"}' }]);
    },
  },
  {
    names: [
      'ConvertClaudeRequestToOpenAI_ToolResultTextAndImageContent',
      'ConvertClaudeRequestToOpenAI_ToolResultURLImageOnly',
    ],
    note: 'A tool message of Chat Completions holds text only: the image follows in a user message that names the call.',
    run() {
      const label = text('[Media from the result of tool call t:]');
      const pointer = '[The media of this result follows in the next user message.]';
      const inline = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
      expect(answered(result([text('seen'), inline]))).toEqual([
        { role: 'tool', tool_call_id: 't', content: [text('seen'), text(pointer)] },
        { role: 'user', content: [label, { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
      ]);
      const url = { type: 'image', source: { type: 'url', url: 'https://example.com/i.png' } };
      expect(answered(result([url]))).toEqual([
        { role: 'tool', tool_call_id: 't', content: pointer },
        { role: 'user', content: [label, { type: 'image_url', image_url: { url: 'https://example.com/i.png' } }] },
      ]);
    },
  },
];

const turns: readonly Entry[] = [
  {
    names: ['ConvertClaudeRequestToOpenAI_MessageSystemRoleWrapsAsUserReminder'],
    note: 'Chat Completions takes system messages anywhere, so that it stays one.',
    run() {
      expect(messages([{ role: 'system', content: 'from now on' }, user(text('go on'))])).toEqual([
        { role: 'system', content: 'from now on' },
        { role: 'user', content: 'go on' },
      ]);
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_SystemMessageScenarios'],
    run() {
      const system = (value: Wire): Wire => body([], { system: value }).messages.slice(0, -1);
      expect(system('S')).toEqual([{ role: 'system', content: 'S' }]);
      expect(system([text('A'), text('B')])).toEqual([{ role: 'system', content: [text('A'), text('B')] }]);
      expect(system([text(''), text('B')])).toEqual([{ role: 'system', content: 'B' }]);
      expect(system('')).toEqual([]);
      expect(system([])).toEqual([]);
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_AssistantTextToolUseTextOrder'],
    note: 'One message has one place for its calls, after its text.',
    run() {
      expect(messages([assistant(text('pre'), use, text('post')), user(result('ok'))])[0]).toEqual({
        role: 'assistant',
        content: [text('pre'), text('post')],
        tool_calls: [call],
      });
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_AssistantThinkingToolUseThinkingSplit'],
    run() {
      expect(messages([assistant(thinking('a', ''), use, thinking('b', '')), user(result('ok'))])[0]).toEqual({
        role: 'assistant',
        content: null,
        reasoning_content: 'a\n\nb',
        tool_calls: [call],
      });
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_ToolSchemaAddsMissingObjectProperties'],
    run() {
      const tools = [{ name: 'ls', input_schema: { type: 'object' } }];
      expect(body([], { tools }).tools).toEqual([
        { type: 'function', function: { name: 'ls', parameters: { type: 'object', properties: {} } } },
      ]);
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_StopSequences'],
    run() {
      expect(body([], { stop_sequences: ['END', 'STOP'] }).stop).toEqual(['END', 'STOP']);
      expect(body([], { stop_sequences: [] })).not.toHaveProperty('stop');
    },
  },
  {
    names: ['ConvertClaudeRequestToOpenAI_StripsClaudeCodeAttribution'],
    test: "src/pipeline/prompt-cache.test.ts > Claude Code's note to Anthropic's accounting",
  },
];

export const claudeToChat: readonly Entry[] = [...thoughts, ...results, ...turns];
