/** Requests of up to 1 MB that are heavy in one way each, in every dialect. */
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';

const MB = 1_000_000;
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

/** The schemas of tools, so and so many of them or of what is in them. */
const schemas: Readonly<Record<string, (count: number) => readonly Wire[]>> = {
  'tools of 2 KB': (count) => range(count).map(() => object(25)),
  'tiny tools': (count) => range(count).map(() => ({ type: 'object' })),
  'one object of properties': (count) => [object(count)],
  'one object of tiny properties': (count) => [{ properties: record(names(count, 'p'), () => ({})) }],
  'schemas that refer to themselves': (count) =>
    range(count).map(() => ({ type: 'object', properties: record(names(4), () => ({ $ref: '#' })) })),
  'one schema with definitions that refer to each other': (count) => [
    {
      type: 'object',
      properties: { a: { $ref: '#/$defs/d0' } },
      $defs: record(names(count, 'd'), (index) => ({
        properties: { a: { $ref: `#/$defs/d${(index + 1) % count}` }, b: { $ref: `#/$defs/d${(index * 7) % count}` } },
      })),
    },
  ],
  'a union of objects at the root': (count) => [
    { oneOf: range(count).map((index) => ({ properties: { op: { const: index }, [`k${index}`]: {} } })) },
  ],
  'schemas that all hold': (count) => [
    { type: 'object', properties: { a: { allOf: names(count).map((name) => ({ required: [name] })) } } },
  ],
  'values, one twice': (count) => [{ type: 'object', properties: { a: { enum: ['v', ...names(count), 'v'] } } }],
  'names that are required': (count) => [{ type: 'object', properties: { a: {} }, required: names(count) }],
  'references to a long one': (count) => [
    {
      type: 'object',
      properties: {
        a: { $ref: `#${'/$defs/x'.repeat(50_000)}` },
        ...record(names(count), () => ({ $ref: '#/properties/a' })),
      },
    },
  ],
  'lists in lists': (count) => [
    { type: 'object', properties: record(names(count, 'p'), () => ({ items: { items: { items: {} } } })) },
  ],
};

/** The turns of a conversation, so and so many of them or of what is in them. */
const conversations: Readonly<Record<string, (say: Words, count: number) => readonly Wire[]>> = {
  'a long text': (say, count) => [say.text('user', ['The quick brown fox. '.repeat(count)])],
  'an image': (say, count) => [say.image('iVBORw0KGgoA'.repeat(count))],
  messages: (say, count) => range(count).map((index) => say.text(index % 2 ? 'assistant' : 'user', ['a'])),
  'messages of one side': (say, count) => range(count).map(() => say.text('user', ['a'])),
  'empty messages': (say, count) => range(count).map((index) => say.text(index % 2 ? 'assistant' : 'user', [''])),
  parts: (say, count) => [
    say.text(
      'user',
      range(count).map(() => 'a'),
    ),
  ],
  'calls in turn': (say, count) => range(count).flatMap((id) => say.calls([id])),
  'calls at once': (say, count) => say.calls(range(count)),
  'images in turn': (say, count) => range(count).map(() => say.image('iVBORw0KGgoA')),
};

/** What no dialect knows, or carries as it is. */
const others: Readonly<Record<string, (turn: Wire, count: number) => Wire>> = {
  metadata: (_, count) => ({ metadata: record(names(count, 'k'), () => 'v') }),
  numbers: (_, count) => ({ metadata: { a: range(count).map(() => 0.5) } }),
  'deep nests': (_, count) => ({
    metadata: { a: range(count).map(() => JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`)) },
  }),
  'a turn of unknown members': (turn, count) => ({ __turn: { ...turn, ...record(names(count, 'x'), () => 1) } }),
};

/** Those that are heavy by their tools' schemas. */
export const schemaLoads: ReadonlySet<string> = new Set(Object.keys(schemas));

/** With as many as fit in a megabyte. */
function fill(make: (count: number) => Wire): string {
  const length = (count: number): number => JSON.stringify(make(count)).length;
  const [few, some] = [length(20), length(40)];
  const guess = Math.floor(((MB - few) / (some - few)) * 20);
  // Numbers get longer the more there are.
  return JSON.stringify(make(Math.floor((guess * MB) / Math.max(MB, length(guess)))));
}

/** What the requests are called. */
export const loadNames: readonly string[] = [conversations, schemas, others].flatMap((kind) => Object.keys(kind));

/** One of the requests. */
export function loadOf(client: UpstreamDialect, name: string): string {
  const say = words[client];
  const hi = say.text('user', ['hi']);
  const [turns, list, more] = [conversations[name], schemas[name], others[name]];
  if (turns !== undefined) return fill((count) => say.turns(turns(say, count)));
  if (list !== undefined) return fill((count) => ({ ...say.turns([hi]), tools: say.tools(list(count)) }));
  if (more === undefined) throw new Error(`no load is called ${name}`);
  return fill((count) => {
    const { __turn: turn, ...members } = more(hi, count);
    return { ...say.turns([turn ?? hi]), ...members };
  });
}
