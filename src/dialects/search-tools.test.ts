/** Search tools, their options and the choice of tools that the provider runs, from every dialect to every other. */
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../ir/index.ts';
import type { EncodeQuirks } from './codec.ts';
import { clientCodecs, codecs } from './index.ts';

type Client = 'chat' | 'responses' | 'messages' | 'gemini';
type Upstream = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini';

const bodies: Readonly<Record<Client, JsonObject>> = {
  chat: { messages: [{ role: 'user', content: 'hi' }] },
  responses: { input: 'hi' },
  messages: { max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
};

function translate(client: Client, upstream: Upstream, fields: JsonObject, quirks: EncodeQuirks = {}, model = 'm') {
  const request = clientCodecs[client].decodeRequest({ ...bodies[client], ...fields }, { model: 'm', stream: false });
  const codec = codecs.get(upstream);
  if (codec === undefined) throw new Error(`no codec ${upstream}`);
  const { value, warnings } = codec.encodeRequest(request, { model, stream: false, quirks });
  return { body: JSON.parse(JSON.stringify(value)), lost: warnings.map(({ path }) => path) };
}

const place = { city: 'Bern', region: 'BE', country: 'CH', timezone: 'Europe/Zurich' };
const user_location = { type: 'approximate', ...place };
const claude = (more: JsonObject = {}): JsonObject => ({
  tools: [{ type: 'web_search_20250305', name: 'web_search', ...more }],
});
const responses = (more: JsonObject = {}): JsonObject => ({ tools: [{ type: 'web_search', ...more }] });
const chat = {
  web_search_options: { search_context_size: 'low', user_location: { type: 'approximate', approximate: place } },
};
const searching: EncodeQuirks = { webSearchOptions: true };

describe('options of a search', () => {
  it('Claude -> Responses', () => {
    const tool = claude({ allowed_domains: ['a.com'], user_location, max_uses: 3 });
    expect(translate('messages', 'openai-responses', tool)).toMatchObject({
      body: { tools: [{ type: 'web_search', filters: { allowed_domains: ['a.com'] }, user_location }] },
      lost: ['tools[0].max_uses'],
    });
    expect(translate('messages', 'openai-responses', claude({ blocked_domains: ['b.com'] })).lost).toEqual([
      'tools[0].blocked_domains',
    ]);
  });

  it('Responses -> Claude', () => {
    const tool = responses({ filters: { allowed_domains: ['a.com'] }, user_location, search_context_size: 'high' });
    expect(translate('responses', 'anthropic-messages', tool)).toMatchObject({
      body: { tools: [{ type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a.com'], user_location }] },
      lost: ['tools[0].search_context_size'],
    });
  });

  it('Chat -> Claude, Responses and Gemini', () => {
    expect(translate('chat', 'anthropic-messages', chat)).toMatchObject({
      body: { tools: [{ name: 'web_search', user_location }] },
      lost: ['web_search_options.search_context_size'],
    });
    expect(translate('chat', 'openai-responses', chat)).toMatchObject({
      body: { tools: [{ type: 'web_search', search_context_size: 'low', user_location }] },
      lost: [],
    });
    expect(translate('chat', 'gemini', chat)).toMatchObject({
      body: { tools: [{ googleSearch: {} }] },
      lost: ['web_search_options.search_context_size', 'web_search_options.user_location'],
    });
  });

  it.each(['messages', 'responses'] as const)('%s -> Chat, where the server searches', (client) => {
    const tool =
      client === 'messages' ? claude({ user_location }) : responses({ user_location, search_context_size: 'low' });
    const { body, lost } = translate(client, 'openai-chat', tool, searching);
    expect(body.web_search_options).toEqual({
      ...(client === 'responses' && { search_context_size: 'low' }),
      user_location: chat.web_search_options.user_location,
    });
    expect(body).not.toHaveProperty('tools');
    expect(lost).toEqual([]);
  });

  it('Claude -> Chat: what Chat cannot say is named', () => {
    const tool = claude({ allowed_domains: ['a.com'], max_uses: 1 });
    expect(translate('messages', 'openai-chat', tool, searching)).toMatchObject({
      body: { web_search_options: {} },
      lost: ['tools[0].max_uses', 'tools[0].allowed_domains'].sort(),
    });
  });

  it('Gemini -> all', () => {
    const tool = { tools: [{ googleSearch: {} }] };
    expect(translate('gemini', 'anthropic-messages', tool).body.tools).toEqual([
      { type: 'web_search_20250305', name: 'web_search' },
    ]);
    expect(translate('gemini', 'openai-responses', tool).body.tools).toEqual([{ type: 'web_search' }]);
    expect(translate('gemini', 'openai-chat', tool, searching).body.web_search_options).toEqual({});
  });

  it('empty lists and odd values say nothing', () => {
    const tool = claude({
      allowed_domains: [],
      blocked_domains: null,
      max_uses: 'x',
      user_location: { type: 'approximate' },
    });
    expect(translate('messages', 'openai-responses', tool).body.tools).toEqual([{ type: 'web_search' }]);
    expect(
      translate('responses', 'openai-chat', responses({ search_context_size: 'huge' }), searching).body
        .web_search_options,
    ).toEqual({});
  });
});

describe('which Chat servers search', () => {
  it.each(['gpt-4o-search-preview', 'gpt-5-search-api', 'openai/gpt-4o-mini-search-preview', 'search'])(
    '%s',
    (model) => {
      expect(translate('gemini', 'openai-chat', { tools: [{ googleSearch: {} }] }, {}, model)).toMatchObject({
        body: { web_search_options: {} },
        lost: [],
      });
    },
  );

  it.each(['gpt-4o', 'research-1'])('%s does not', (model) => {
    const { body, lost } = translate('gemini', 'openai-chat', { tools: [{ googleSearch: {} }] }, {}, model);
    expect(body).not.toHaveProperty('web_search_options');
    expect(lost).toEqual(['tools[0].googleSearch']);
  });

  it('but the options of a Chat client are its own business', () => {
    expect(translate('chat', 'openai-chat', chat)).toMatchObject({ body: chat, lost: [] });
    expect(
      translate('gemini', 'openai-chat', { tools: [{ googleSearch: {} }] }, { webSearchOptions: false }, 'x-search')
        .body,
    ).not.toHaveProperty('web_search_options');
  });
});

describe('the choice of a tool that the provider runs', () => {
  const byClaude = { ...claude(), tool_choice: { type: 'tool', name: 'web_search' } };
  const byResponses = (type: string): JsonObject => ({ tools: [{ type }], tool_choice: { type } });

  it('Claude <-> Responses', () => {
    expect(translate('messages', 'openai-responses', byClaude).body.tool_choice).toEqual({ type: 'web_search' });
    expect(translate('responses', 'anthropic-messages', byResponses('web_search_preview'))).toMatchObject({
      body: { tool_choice: { type: 'tool', name: 'web_search' } },
      lost: [],
    });
    expect(translate('messages', 'anthropic-messages', byClaude).body.tool_choice).toEqual(byClaude.tool_choice);
  });

  it.each(['web_search', 'web_search_preview_2025_03_11', 'code_interpreter', 'image_generation'])(
    'Responses keeps its %s',
    (type) => expect(translate('responses', 'openai-responses', byResponses(type)).body.tool_choice).toEqual({ type }),
  );

  it.each([
    ['openai-chat', 'messages', byClaude],
    ['gemini', 'messages', byClaude],
    ['anthropic-messages', 'responses', byResponses('code_interpreter')],
    ['anthropic-messages', 'responses', { tool_choice: { type: 'image_generation' } }],
  ] as const)('%s cannot be made to, and that is named', (upstream, client, fields) => {
    const { body, lost } = translate(client, upstream, fields, searching);
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('toolConfig');
    expect(lost).toContain('toolChoice');
  });

  it('a function of that name is chosen as a function', () => {
    const fields = {
      tools: [{ name: 'web_search', input_schema: { type: 'object' } }],
      tool_choice: { type: 'tool', name: 'web_search' },
    };
    expect(translate('messages', 'openai-responses', fields).body.tool_choice).toEqual({
      type: 'function',
      name: 'web_search',
    });
  });

  it('Claude does not think when it must search', () => {
    const fields = { ...byResponses('web_search'), reasoning: { effort: 'high' } };
    expect(translate('responses', 'anthropic-messages', fields).body).not.toHaveProperty('thinking');
  });
});

describe('tools that come amid a Responses conversation', () => {
  const f = (name: string, description: string): JsonObject => ({
    type: 'function',
    name,
    description,
    parameters: { type: 'object' },
  });
  const input = [
    { role: 'user', content: 'hi' },
    {
      type: 'additional_tools',
      tools: [f('a', 'second'), f('b', 'added'), { type: 'namespace', name: 'ns', tools: [f('c', 'deep')] }],
    },
    { type: 'tool_search_output', call_id: 's', execution: 'client', tools: [f('d', 'found'), f('b', 'later')] },
    { role: 'user', content: 'go' },
  ];
  const fields = { input, tools: [f('a', 'first')] };
  const offered = (tools: readonly JsonObject[]): unknown[] =>
    tools.map((tool) => {
      const { name, description } = isJsonObject(tool['function']) ? tool['function'] : tool;
      return [name, description];
    });
  const expected = [
    ['a', 'first'],
    ['b', 'added'],
    ['ns__c', 'deep'],
    ['d', 'found'],
  ];

  it.each(['openai-chat', 'anthropic-messages', 'gemini'] as const)(
    'are offered to %s, the first of a name',
    (upstream) => {
      const { body, lost } = translate('responses', upstream, fields);
      expect(offered(upstream === 'gemini' ? body.tools[0].functionDeclarations : body.tools)).toEqual(expected);
      expect(lost).toEqual(['input[1].tools[0]', 'input[2].tools[1]']);
      expect(JSON.stringify(body.messages ?? body.contents)).not.toContain('additional_tools');
    },
  );

  it('go back to Responses as they came', () => {
    const { body, lost } = translate('responses', 'openai-responses', fields);
    expect(body.input.slice(1, 3)).toEqual(input.slice(1, 3));
    expect(body.tools).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  it('leave no empty message behind', () => {
    expect(translate('responses', 'openai-chat', fields).body.messages).toEqual([
      { role: 'user', content: 'hi' },
      { role: 'user', content: 'go' },
    ]);
  });
});
