import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findMember,
  isTrueMember,
  lastOfEach,
  MAX_DEPTH,
  readStringMember,
  type ScannedObject,
  scanNested,
  scanObject,
  spliceMembers,
  spliceModel,
} from './json-splice.ts';

const scan = (text: string) => scanObject(Buffer.from(text));
const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString());

function scanned(text: string) {
  const object = scan(text);
  if (object === undefined) throw new Error(`not scanned: ${text}`);
  return object;
}

describe('scanObject', () => {
  test.each([
    '',
    '   ',
    '{',
    '{}x',
    '{} {}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1 "b":2}',
    '{"a":[1,2}',
    '{"a":{"b":1]}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":{"b"}}',
    '{"a":{"b":1,}}',
    '{"a":tru}',
    '{"a":nulll}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":-}',
    '{"a":NaN}',
    '{"a":"x}',
    '{"a":"x\\"}',
    '{a:1}',
    "{'a':1}",
    '{"a":1}}',
    '\uFEFF{}',
    '{"a\\x":1}',
  ])('refuses %s, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(scan(text)).toBeUndefined();
  });

  test.each(['[]', '"x"', 'null', '1', '[{}]'])('refuses %s, which is no object', (text) => {
    expect(scan(text)).toBeUndefined();
  });

  test('finds members with escaped keys; the last duplicate counts', () => {
    const object = scanned('{"model":"a", "stream" : true,"mod\\u0065l":"b\\n\\"","model2":{"model":"no"}}');
    expect(readStringMember(object, 'model')).toBe('b\n"');
    expect(isTrueMember(object, 'stream')).toBe(true);
    expect(isTrueMember(object, 'model')).toBe(false);
    expect(readStringMember(object, 'stream')).toBeUndefined();
  });

  test('walks long strings that end in backslashes', () => {
    const value = `${'x'.repeat(100)}\\\\"${'\\'.repeat(7)}`;
    const object = scanned(JSON.stringify({ long: value, model: 'm' }));
    expect(readStringMember(object, 'long')).toBe(value);
    expect(readStringMember(object, 'model')).toBe('m');
  });

  test('agrees with JSON.parse on any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const object = scanned(text);
        const seen = object.members.map((member) => [
          member.key,
          parse(object.bytes.subarray(member.valueStart, member.valueEnd)),
        ]);
        expect(Object.fromEntries(seen)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('agrees with JSON.parse on validity after one byte outside strings was damaged', () => {
    const tokens = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '1', 't', ' ', '');
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{0,3}$/), fc.jsonValue()),
        fc.nat(),
        tokens,
        (value, seed, token) => {
          // Strings of letters only, so that damage can not make a string that only a full parse refuses.
          const text = JSON.stringify(value, (_, inner) => (typeof inner === 'string' ? 'text' : inner));
          const at = seed % text.length;
          const damaged = text.slice(0, at) + token + text.slice(at + 1);
          let valid = true;
          try {
            const parsed: unknown = JSON.parse(damaged);
            valid = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
          } catch {
            valid = false;
          }
          // What stands in strings is not looked at; damage there may make an escape wrong.
          fc.pre(valid || !damaged.includes('\\'));
          expect(scan(damaged) !== undefined).toBe(valid);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('refuses every proper prefix', () => {
    const text = '{"a":[1,{"b":"c\\\\"}],"d":-1.5e3,"e":null}';
    for (let end = 0; end < text.length; end++) expect(scan(text.slice(0, end))).toBeUndefined();
    expect(scan(text)).toBeDefined();
  });
});

describe('splicing', () => {
  test('spliceModel changes nothing but the model', () => {
    const object = scanned('{ "x" : 1.0, "model" : "old" , "y":"\u00e4" }');
    expect(spliceModel(object, 'n"w').toString()).toBe('{ "x" : 1.0, "model" : "n\\"w" , "y":"\u00e4" }');
  });

  test('spliceModel leaves one model of several, and adds a missing one', () => {
    expect(spliceModel(scanned('{"model":"a","x":1,"model":"b"}'), 'c').toString()).toBe('{"model":"c","x":1}');
    expect(spliceModel(scanned('{}'), 'c').toString()).toBe('{"model":"c"}');
  });

  test('spliceMembers removes, replaces and appends; other bytes stay', () => {
    const object = scanned('{"a":1,"big":12345678901234567890,"b":{"a":1},"a":2}');
    expect(spliceMembers(object, { remove: ['a'] }).toString()).toBe('{"big":12345678901234567890,"b":{"a":1}}');
    expect(spliceMembers(object, { remove: ['a', 'big', 'b'] }).toString()).toBe('{}');
    expect(spliceMembers(object, { set: { b: 'true', c: '[]' }, remove: ['big'] }).toString()).toBe(
      '{"a":1,"b":true,"a":2,"c":[]}',
    );
  });

  test('property: equals editing the parsed object', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'model', 'x"y');
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.jsonValue()),
        fc.array(key),
        fc.dictionary(key, fc.jsonValue()),
        (value, remove, set) => {
          const expected: Record<string, unknown> = JSON.parse(JSON.stringify(value));
          const texts: Record<string, string> = {};
          for (const name of remove) if (!(name in set)) delete expected[name];
          for (const [name, inner] of Object.entries(set)) {
            texts[name] = JSON.stringify(inner);
            expected[name] = JSON.parse(texts[name]);
          }
          const edits = { remove: remove.filter((name) => !(name in set)), set: texts };
          expect(parse(spliceMembers(scanned(JSON.stringify(value)), edits))).toEqual(expected);
        },
      ),
    );
  });

  test('findMember knows byte offsets, not character offsets', () => {
    const object = scanned('{"\u00e4":"\u{1F600}","k":7}');
    const member = findMember(object, 'k');
    expect(object.bytes.subarray(member?.valueStart, member?.valueEnd).toString()).toBe('7');
  });
});

test('nesting ends at a limit, so that nobody after the scan runs out of stack', () => {
  const nested = (levels: number): Buffer => Buffer.from(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
  expect(scanObject(nested(MAX_DEPTH))).toBeDefined();
  expect(scanObject(nested(MAX_DEPTH + 2))).toBeUndefined();
});

test('of members with the same name the last one stays', () => {
  const texts = (object: ScannedObject): string[] =>
    object.members.map(({ keyStart, valueEnd }) => object.bytes.toString('utf8', keyStart, valueEnd));
  const once = scanned('{"a":1,"b":2}');
  expect(lastOfEach(once)).toBe(once);
  expect(texts(lastOfEach(scanned('{"model":"a","b":2,"mod\\u0065l":"c"}')))).toEqual(['"b":2', '"mod\\u0065l":"c"']);
  const many = Array.from({ length: 20 }, (_, index) => `"k${index}":${index}`);
  const wide = scanned(`{${many.join(',')}}`);
  expect(lastOfEach(wide)).toBe(wide);
  expect(texts(lastOfEach(scanned(`{"k3":0,${many.join(',')}}`)))).toEqual(many);
});

describe('an object in a member', () => {
  const nested = (text: string) => scanNested(Buffer.from(text), 'response');

  test('is read with the outer one, and both can be changed', () => {
    const text = '{"type":"x", "response" : {"id":"é","output":[{"id":2}] , "n":-1.5e+3} ,"z":null}';
    const found = nested(text);
    expect(found?.outer.members.map(({ key }) => key)).toEqual(['type', 'response', 'z']);
    expect(found?.inner.members.map(({ key }) => key)).toEqual(['id', 'output', 'n']);
    if (found === undefined) throw new Error('not found');
    expect(readStringMember(found.inner, 'id')).toBe('é');
    const inner = spliceMembers(found.inner, { set: { id: '5' }, remove: ['n'] });
    expect(parse(inner)).toEqual({ id: 5, output: [{ id: 2 }] });
    const outer = spliceMembers(found.outer, { set: { response: '{}' } });
    expect(parse(outer)).toEqual({ type: 'x', response: {}, z: null });
  });

  test('the last of that name counts', () => {
    expect(nested('{"response":{"a":1},"response":{"b":1}}')?.inner.members.map(({ key }) => key)).toEqual(['b']);
    expect(nested('{"response":{"a":1},"response":5}')).toBeUndefined();
  });

  test.each([
    '{}',
    '{"response":5}',
    '{"response":"{}"}',
    '{"a":{"response":{}}}',
    '{"response":{}',
    '{"response":{}}x',
    '{"response":{"a":tru}}',
    '{"response":{"a":1},}',
    '[{"response":{}}]',
  ])('%s has none', (text) => expect(nested(text)).toBeUndefined());

  test('an empty one has no members', () => expect(nested('{"response":{}}')?.inner.members).toEqual([]));
});

test.each(['0', '-0', '10', '-1.5', '1e5', '1E-5', '0.1e+10', 'true', 'false', 'null'])('%s is a value', (token) => {
  for (const text of [`{"a":${token}}`, `{"a":[${token},${token} ],"b":${token} }`]) {
    expect(JSON.parse(text)).toBeDefined();
    expect(scan(text)).toBeDefined();
  }
});

test.each([
  '00',
  '-',
  '-a',
  '1.',
  '.5',
  '1.e1',
  '1e',
  '1e+',
  '0x1',
  '1ee1',
  '--1',
  'tRue',
  'fals',
  'nul',
  'truefalse',
  '1a',
])('%s is none', (token) => {
  for (const text of [`{"a":${token}}`, `{"a":[${token},1]}`]) {
    expect(() => JSON.parse(text)).toThrow();
    expect(scan(text)).toBeUndefined();
  }
});
