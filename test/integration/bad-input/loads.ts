/** Requests of up to 1 MB that are heavy in one way each, in every dialect. */
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const record = (names: readonly string[], value: (index: number) => Wire): Wire =>
  Object.fromEntries(names.map((name, index) => [name, value(index)]));
const names = (length: number, prefix = 'property_'): readonly string[] => range(length).map((index) => prefix + index);

/** What a dialect calls the parts of a request. */
interface Words {
  turns(turns: readonly Wire[]): Wire;
  text(role: 'user' | 'assistant', texts: readonly string[]): Wire;
  /** One turn of calls and one of their results. */
  calls(ids: readonly number[]): readonly Wire[];
  image(data: string): Wire;
  tools(schemas: readonly Wire[]): Wire;
}

const filler = 'x'.repeat(40);
const textTurn = (role: string, user: string, own: string, texts: readonly string[]): Wire => ({
  role,
  content: texts.map((text) => ({ type: role === 'user' ? user : own, text })),
});
const url = (data: string): string => `data:image/png;base64,${data}`;

const words: Readonly<Record<UpstreamDialect, Words>> = {
  'openai-chat': {
    turns: (messages) => ({ model: 'm', messages }),
    text: (role, texts) => textTurn(role, 'text', 'text', texts),
    calls: (ids) => [
      {
        role: 'assistant',
        tool_calls: ids.map((id) => ({
          id: `c${id}`,
          type: 'function',
          function: { name: 'f', arguments: '{"a":1}' },
        })),
      },
      ...ids.map((id) => ({ role: 'tool', tool_call_id: `c${id}`, content: filler })),
    ],
    image: (data) => ({ role: 'user', content: [{ type: 'image_url', image_url: { url: url(data) } }] }),
    tools: (schemas) =>
      schemas.map((parameters, index) => ({ type: 'function', function: { name: `t${index}`, parameters } })),
  },
  'openai-responses': {
    turns: (input) => ({ model: 'm', input }),
    text: (role, texts) => ({ type: 'message', ...textTurn(role, 'input_text', 'output_text', texts) }),
    calls: (ids) => [
      ...ids.map((id) => ({ type: 'function_call', call_id: `c${id}`, name: 'f', arguments: '{"a":1}' })),
      ...ids.map((id) => ({ type: 'function_call_output', call_id: `c${id}`, output: filler })),
    ],
    image: (data) => ({ type: 'message', role: 'user', content: [{ type: 'input_image', image_url: url(data) }] }),
    tools: (schemas) => schemas.map((parameters, index) => ({ type: 'function', name: `t${index}`, parameters })),
  },
  'anthropic-messages': {
    turns: (messages) => ({ model: 'm', max_tokens: 9, messages }),
    text: (role, texts) => textTurn(role, 'text', 'text', texts),
    calls: (ids) => [
      { role: 'assistant', content: ids.map((id) => ({ type: 'tool_use', id: `c${id}`, name: 'f', input: { a: 1 } })) },
      { role: 'user', content: ids.map((id) => ({ type: 'tool_result', tool_use_id: `c${id}`, content: filler })) },
    ],
    image: (data) => ({
      role: 'user',
      content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }],
    }),
    tools: (schemas) => schemas.map((input_schema, index) => ({ name: `t${index}`, input_schema })),
  },
  gemini: {
    turns: (contents) => ({ contents }),
    text: (role, texts) => ({ role: role === 'user' ? 'user' : 'model', parts: texts.map((text) => ({ text })) }),
    calls: (ids) => [
      { role: 'model', parts: ids.map((id) => ({ functionCall: { id: `c${id}`, name: 'f', args: { a: 1 } } })) },
      {
        role: 'user',
        parts: ids.map((id) => ({ functionResponse: { id: `c${id}`, name: 'f', response: { output: filler } } })),
      },
    ],
    image: (data) => ({ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data } }] }),
    tools: (schemas) => [
      {
        functionDeclarations: schemas.map((parametersJsonSchema, index) => ({
          name: `t${index}`,
          parametersJsonSchema,
        })),
      },
    ],
  },
};

const scalar = (index: number): Wire => ({ type: 'string', description: `what ${index} is`, minLength: index % 3 });
const object = (count: number): Wire => ({ type: 'object', properties: record(names(count), scalar) });

const schemas: Readonly<Record<string, () => readonly Wire[]>> = {
  '500 tools of 2 KB': () => range(500).map(() => object(25)),
  'one object of 10,000 properties': () => [object(10_000)],
  'one object of 15,000 properties': () => [
    { type: 'object', properties: record(names(15_000, 'p'), () => ({ type: 'string' })) },
  ],
  '10,000 tiny tools': () => range(10_000).map(() => ({ type: 'object' })),
  '2,000 schemas that refer to themselves': () =>
    range(2000).map(() => ({ type: 'object', properties: record(names(4), () => ({ $ref: '#' })) })),
  'a union of 5,000 objects at the root': () => [
    { oneOf: range(5000).map((index) => ({ properties: { op: { const: index }, [`k${index}`]: {} } })) },
  ],
  '5,000 schemas that all hold': () => [
    { type: 'object', properties: { a: { allOf: names(5000).map((name) => ({ required: [name] })) } } },
  ],
  '30,000 values, one twice': () => [{ type: 'object', properties: { a: { enum: ['v', ...names(30_000), 'v'] } } }],
  '2,000 references to one of half a megabyte': () => [
    {
      type: 'object',
      properties: {
        a: { $ref: `#${'/$defs/x'.repeat(60_000)}` },
        ...record(names(2000), () => ({ $ref: '#/properties/a' })),
      },
    },
  ],
};

const conversations: Readonly<Record<string, (say: Words) => readonly Wire[]>> = {
  'a long text': (say) => [say.text('user', ['The quick brown fox. '.repeat(48_000)])],
  '10,000 messages': (say) =>
    names(10_000, 'text ').map((text, index) => say.text(index % 2 ? 'assistant' : 'user', [text])),
  '10,000 empty messages': (say) => range(10_000).map((index) => say.text(index % 2 ? 'assistant' : 'user', [''])),
  '10,000 parts': (say) => [say.text('user', names(10_000, 'part '))],
  '1,000 calls one after the other': (say) => range(1000).flatMap((id) => say.calls([id])),
  '4,000 calls at once': (say) => say.calls(range(4000)),
  'as many messages as fit': (say) =>
    range(Math.floor(1_000_000 / (JSON.stringify(say.text('user', ['a'])).length + 3))).map((index) =>
      say.text(index % 2 ? 'assistant' : 'user', ['a']),
    ),
  'as many parts as fit': (say) => [
    say.text(
      'user',
      range(30_000).map(() => 'a'),
    ),
  ],
  '4,000 calls one after the other': (say) => range(4000).flatMap((id) => say.calls([id])),
  'an image': (say) => [say.image('iVBORw0KGgoA'.repeat(80_000))],
};

/** Those that are heavy by their tools' schemas. */
export const schemaLoads: ReadonlySet<string> = new Set(Object.keys(schemas));

/** The requests by name. */
export function loadsOf(client: UpstreamDialect): ReadonlyMap<string, string> {
  const say = words[client];
  const loads = new Map<string, string>();
  for (const [name, turns] of Object.entries(conversations)) loads.set(name, JSON.stringify(say.turns(turns(say))));
  for (const [name, list] of Object.entries(schemas)) {
    const body = { ...say.turns([say.text('user', ['hi'])]), tools: say.tools(list()) };
    loads.set(name, JSON.stringify(body));
  }
  const deep = `,"metadata":{"a":[${names(130)
    .map(() => `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`)
    .join(',')}]}}`;
  loads.set('deep nests', JSON.stringify(say.turns([say.text('user', ['hi'])])).replace(/\}$/, deep));
  loads.set(
    'metadata of 40,000 members',
    JSON.stringify({ ...say.turns([say.text('user', ['hi'])]), metadata: record(names(40_000, 'k'), () => 'v') }),
  );
  return loads;
}
