/** What real agents' requests lose on their way to every other dialect: as little as is honest. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../ir/index.ts';
import { codecs } from './index.ts';

const fixtures = new URL('../../test/fixtures/', import.meta.url);

function fixture(path: string): JsonObject {
  const body: unknown = JSON.parse(readFileSync(new URL(`${path}/request.json`, fixtures), 'utf8'));
  if (!isJsonObject(body)) throw new Error(`${path} is no object`);
  return body;
}

const parameters = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { command: { type: 'string' }, timeout: { type: 'number' } },
  required: ['command'],
  additionalProperties: false,
};

const openCodeChat: JsonObject = {
  model: 'gw-model',
  max_tokens: 32_000,
  messages: [
    { role: 'system', content: 'You are opencode.' },
    { role: 'user', content: 'List the files' },
    {
      role: 'assistant',
      content: '',
      reasoning_content: 'I list them.',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'README.md' },
  ],
  tools: [{ type: 'function', function: { name: 'bash', description: 'Runs a command.', parameters } }],
  tool_choice: 'auto',
  stream: true,
  stream_options: { include_usage: true },
};

const openCodeResponses: JsonObject = {
  model: 'gw-model',
  input: [
    { role: 'developer', content: 'You are opencode.' },
    { role: 'user', content: [{ type: 'input_text', text: 'List the files' }] },
    { type: 'function_call', call_id: 'call_1', name: 'bash', arguments: '{"command":"ls"}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'README.md' },
  ],
  max_output_tokens: 32_000,
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'ses_fake',
  reasoning: { effort: 'medium', summary: 'auto' },
  tools: [{ type: 'function', name: 'bash', description: 'Runs a command.', parameters, strict: false }],
  tool_choice: 'auto',
  stream: true,
};

const qwenCode: JsonObject = {
  model: 'qwen3-coder-plus',
  messages: [
    { role: 'system', content: 'You are Qwen Code.' },
    { role: 'user', content: [{ type: 'text', text: 'List the files' }] },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'run_shell_command', arguments: '{"command":"ls"}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'README.md' }] },
  ],
  tools: [{ type: 'function', function: { name: 'run_shell_command', description: 'Runs a command.', parameters } }],
  metadata: { sessionId: 'fake', promptId: 'fake#1' },
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
};

/** Claude Code's first turn: as the fixture, without thinking of an earlier one. */
function withoutThinking(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) =>
    Array.isArray(value) ? value.filter((item) => !(isJsonObject(item) && item['type'] === 'thinking')) : value,
  ) as JsonObject;
}

type Loss = readonly [path: string, why: string];
type Losses = { readonly [upstream: string]: readonly Loss[] };

const claudeCode = fixture('anthropic-messages/claude-code');
const thoughtsOfClaude =
  'the thinking that Claude signed can be read by Claude only: the model was changed amid a session';

const plainReasoning = 'reasoning that nobody signed is taken back by no provider that signs';

/** What the fixture of Codex holds that every other dialect lacks. */
const toolSearch: readonly Loss[] = [
  ['input[3].content[5]', 'a call of tool_search, which only Responses has'],
  ['tools[3]', 'tool_search itself'],
];
const verbosity: Loss = ['verbosity', 'Codex asks for short answers, which this dialect cannot'];
const noLiveWeb: Loss = ['tools[4].external_web_access', 'Codex forbids live pages, which only OpenAI can'];
const hiddenReasoning: Loss = ['input[3].content[0]', 'encrypted by OpenAI: the model was changed amid a session'];
const thinkingPause: Loss = ['reasoning', 'Claude without levels cannot think on after calls without its own thinking'];

const agents: readonly (readonly [agent: string, dialect: string, body: JsonObject, losses: Losses])[] = [
  [
    'Claude Code',
    'anthropic-messages',
    withoutThinking(claudeCode),
    { 'openai-chat': [], 'openai-responses': [], gemini: [] },
  ],
  [
    'Claude Code after a change of model',
    'anthropic-messages',
    claudeCode,
    {
      'openai-chat': [['messages[1]', thoughtsOfClaude]],
      'openai-responses': [['messages[1].content[0]', thoughtsOfClaude]],
      gemini: [['messages[1].content[0]', thoughtsOfClaude]],
    },
  ],
  [
    'Codex with every kind of tool',
    'openai-responses',
    fixture('openai-responses/codex'),
    {
      'openai-chat': [...toolSearch, ['tools[4]', 'Chat has no web search tool']],
      'anthropic-messages': [hiddenReasoning, ...toolSearch, noLiveWeb, thinkingPause, verbosity],
      gemini: [hiddenReasoning, ...toolSearch, ['tools[4]', 'Gemini has either web search or functions'], verbosity],
    },
  ],
  [
    'Gemini CLI',
    'gemini',
    fixture('gemini/gemini-cli-tool-turn'),
    {
      'openai-chat': [],
      'openai-responses': [
        ['contents[2].content[0]', 'a signature of Gemini: the model was changed amid a session'],
        ['sampling.topK', 'OpenAI does not sample by top_k'],
      ],
      'anthropic-messages': [thinkingPause],
    },
  ],
  [
    'opencode, Chat',
    'openai-chat',
    openCodeChat,
    {
      'openai-responses': [['messages[2].content[0]', plainReasoning]],
      'anthropic-messages': [['messages[2].content[0]', plainReasoning]],
      gemini: [],
    },
  ],
  [
    'opencode, Responses',
    'openai-responses',
    openCodeResponses,
    { 'openai-chat': [], 'anthropic-messages': [thinkingPause], gemini: [] },
  ],
  ['Qwen Code', 'openai-chat', qwenCode, { 'openai-responses': [], 'anthropic-messages': [], gemini: [] }],
];

const journeys = agents.flatMap(([agent, dialect, body, losses]) =>
  Object.entries(losses).map(([upstream, expected]) => ({ agent, dialect, body, upstream, expected })),
);

it.each(journeys)('$agent -> $upstream', ({ dialect, body, upstream, expected }) => {
  const request = codecs.get(dialect)?.decodeRequest(body, { model: 'm', stream: true });
  if (request === undefined) throw new Error(`no codec ${dialect}`);
  const encoded = codecs.get(upstream)?.encodeRequest(request, { model: 'm', stream: true, quirks: {} });
  const paths = encoded?.warnings.map((warning) => warning.path).toSorted();
  expect(paths).toEqual(expected.map(([path]) => path).toSorted());
});

it('covers every other dialect for each agent', () => {
  for (const [, dialect, , losses] of agents) {
    expect([...Object.keys(losses), dialect].sort()).toEqual([...codecs.keys()].sort());
  }
});
