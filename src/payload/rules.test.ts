import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../ir/index.ts';
import { applyRules, compilePayloadRules, matchingHeaders } from './rules.ts';
import type { PayloadSubject, RequestHeaders } from './selector.ts';
import type { PayloadSettings, SelectorSettings } from './settings.ts';

const protocols = new Map([
  ['chat', ['d-chat']],
  ['both', ['d-chat', 'd-other']],
]);
const none: PayloadSettings = { default: [], 'default-raw': [], override: [], 'override-raw': [], filter: [] };
const subject: PayloadSubject = {
  providerId: 'acme',
  dialect: 'd-chat',
  clientDialect: 'd-client',
  models: ['up-model', 'alias', 'alias(high)'],
};
const every = [{ name: '*' }];

interface Run {
  readonly headers?: RequestHeaders;
  readonly original?: JsonObject;
  readonly subject?: PayloadSubject;
}

function run(settings: Partial<PayloadSettings>, body: JsonObject, options: Run = {}): JsonObject {
  const rules = compilePayloadRules({ ...none, ...settings }, protocols);
  const found = matchingHeaders(rules?.candidates(options.subject ?? subject) ?? [], options.headers ?? {});
  return applyRules(found, body, () => options.original ?? body);
}

describe('sections', () => {
  it('run in their order, whatever the order of the file', () => {
    const after = run(
      {
        filter: [{ models: every, params: ['e'] }],
        'override-raw': [{ models: every, params: { d: '{"raw":[1]}', e: 'true' } }],
        override: [{ models: every, params: { c: 3, d: 0, e: 0 } }],
        'default-raw': [{ models: every, params: { a: '"second"', b: '[2]' } }],
        default: [{ models: every, params: { a: 'first', c: 0 } }],
      },
      {},
    );
    expect(after).toEqual({ a: 'first', b: [2], c: 3, d: { raw: [1] } });
  });

  it('default: what the client said stays, null too, and the first rule wins', () => {
    const settings = {
      default: [
        { models: every, params: { a: 1, b: 1, 'c.d': 1 } },
        { models: every, params: { a: 2, e: 2, 'c.f': 2 } },
      ],
    };
    expect(run(settings, { b: null, c: { f: 0 } })).toEqual({ a: 1, b: null, c: { f: 0, d: 1 }, e: 2 });
  });

  it('default: replaces what only llmproxy put there', () => {
    const settings = { default: [{ models: every, params: { max: 1, own: 1 } }] };
    expect(run(settings, { max: 9, own: 9 }, { original: { own: 9 } })).toEqual({ max: 1, own: 9 });
  });

  it('default: appends once per path, every match of a query on its own', () => {
    const settings = {
      default: [
        { models: every, params: { 'list.-1': 'x', 'tools.#(t==1)#.k': 'new' } },
        { models: every, params: { 'list.-1': 'y' } },
      ],
    };
    const body = { list: [0], tools: [{ t: 1 }, { t: 2 }, { t: 1, k: 'old' }] };
    expect(run(settings, body)).toEqual({ list: [0, 'x'], tools: [{ t: 1, k: 'new' }, { t: 2 }, { t: 1, k: 'old' }] });
  });

  it('override: the last one wins, every match is written', () => {
    const settings = {
      override: [
        { models: every, params: { a: 1, 'tools.#(t==1)#.k': true } },
        { models: every, params: { a: 2 } },
      ],
    };
    expect(run(settings, { a: 0, tools: [{ t: 1 }, { t: 1 }] })).toEqual({
      a: 2,
      tools: [
        { t: 1, k: true },
        { t: 1, k: true },
      ],
    });
  });

  it('filter: all matches go, the rest stays in order', () => {
    const settings = { filter: [{ models: every, params: ['tools.#(t==1)#', 'x.y', 'missing.z'] }] };
    expect(run(settings, { tools: [{ t: 1 }, { t: 2 }, { t: 1 }, { t: 3 }], x: { y: 1, z: 2 } })).toEqual({
      tools: [{ t: 2 }, { t: 3 }],
      x: { z: 2 },
    });
  });

  it('override: a value that is there already keeps its very form', () => {
    const body = { a: { x: 1, y: [2] }, b: 'same', c: null };
    const settings = { override: [{ models: every, params: { a: { y: [2], x: 1 }, b: 'same', c: null } }] };
    expect(run(settings, body)).toBe(body);
    expect(run({ override: [{ models: every, params: { a: { x: 1 }, d: null } }] }, body)).toEqual({
      ...body,
      a: { x: 1 },
      d: null,
    });
  });

  it('leave the same object when nothing changes', () => {
    const body = { a: 1 };
    expect(
      run({ filter: [{ models: every, params: ['b'] }], default: [{ models: every, params: { a: 2 } }] }, body),
    ).toBe(body);
  });
});

describe('selectors', () => {
  const applies = (selector: SelectorSettings, body: JsonObject = {}, options: Run = {}): boolean =>
    run({ override: [{ models: [selector], params: { hit: true } }] }, body, options)['hit'] === true;

  it.each<[SelectorSettings, boolean]>([
    [{ name: 'up-*' }, true],
    [{ name: 'alias' }, true],
    [{ name: 'alias(high)' }, true],
    [{ name: 'UP-*' }, false],
    [{ name: 'up' }, false],
    [{ name: '' }, false],
    [{}, false],
    [{ name: '*', protocol: 'CHAT' }, true],
    [{ name: '*', protocol: 'both' }, true],
    [{ name: '*', protocol: 'd-chat' }, true],
    [{ name: '*', protocol: 'acme' }, true],
    [{ name: '*', protocol: 'd-client' }, false],
    [{ name: '*', 'from-protocol': 'd-client' }, true],
    [{ name: '*', 'from-protocol': 'chat' }, false],
    [{ name: '*', 'from-protocol': 'acme' }, false],
    [{ name: 'up-*', protocol: 'chat', 'from-protocol': ' D-Client ' }, true],
  ])('%j: %s', (selector, expected) => {
    expect(applies(selector)).toBe(expected);
  });

  it('a word for a dialect is not taken for a provider', () => {
    const other = { ...subject, providerId: 'chat', dialect: 'd-other' };
    expect(applies({ name: '*', protocol: 'chat' }, {}, { subject: other })).toBe(false);
  });

  it('any of several entries is enough', () => {
    const models = [{ name: 'no' }, { name: 'up-model', exist: ['no'] }, { name: 'alias' }];
    expect(run({ override: [{ models, params: { hit: 1 } }] }, {})).toEqual({ hit: 1 });
  });

  it.each<[Record<string, string>, RequestHeaders, boolean]>([
    [{ 'X-Team': 'core-*' }, { 'x-team': 'core-1' }, true],
    [{ 'X-Team': 'core-*' }, { 'x-team': 'Core-1' }, false],
    [{ 'X-Team': 'core-*' }, { 'x-team': 'edge, core-2' }, true],
    [{ 'X-Team': 'core-*' }, { 'x-team': ['edge', 'core-2'] }, true],
    [{ 'X-Team': '*' }, {}, false],
    [{ 'X-Team': '*', 'X-Other': 'a' }, { 'x-team': 'x', 'x-other': 'b' }, false],
    [{ 'X-Team': '' }, { 'x-team': '' }, false],
  ])('headers %j of %j: %s', (headers, sent, expected) => {
    expect(applies({ name: '*', headers }, {}, { headers: sent })).toBe(expected);
  });

  const body = { a: { b: [1, { c: 2 }] }, n: null, tools: [{ t: 1 }, { t: 2 }] };
  it.each<[SelectorSettings, boolean]>([
    [{ match: [{ 'a.b': [1, { c: 2 }] }] }, true],
    [{ match: [{ 'a.b': [1] }] }, false],
    [{ match: [{ 'a.b.0': 1 }, { n: null }] }, true],
    [{ match: [{ 'a.b.0': 1, n: 0 }] }, false],
    [{ match: [{ 'tools.#.t': 2 }] }, true],
    [{ match: [{ 'tools.#.t': 3 }] }, false],
    [{ match: [{ missing: null }] }, false],
    [{ 'not-match': [{ missing: 1 }] }, true],
    [{ 'not-match': [{ 'tools.#.t': 2 }] }, false],
    [{ exist: ['n', 'a.b.1.c'] }, true],
    [{ exist: ['n', 'a.x'] }, false],
    [{ exist: ['tools.#(t==2)'] }, true],
    [{ 'not-exist': ['a.x', 'tools.#(t==3)'] }, true],
    [{ 'not-exist': ['n'] }, false],
  ])('%j: %s', (conditions, expected) => {
    expect(applies({ name: '*', ...conditions }, body)).toBe(expected);
  });

  it('conditions look at the body as the rules before have left it', () => {
    const settings = {
      override: [
        { models: every, params: { a: 1 } },
        { models: [{ name: '*', match: [{ a: 1 }] }], params: { b: 2 } },
      ],
    };
    expect(run(settings, {})).toEqual({ a: 1, b: 2 });
  });
});

describe('candidates', () => {
  it('are remembered per subject, and forgotten rather than hoarded', () => {
    const rules = compilePayloadRules({ ...none, filter: [{ models: [{ name: 'm*' }], params: ['a'] }] }, protocols);
    const ask = (model: string) => rules?.candidates({ ...subject, models: [model] });
    expect(ask('m1')).toBe(ask('m1'));
    expect(ask('m1')).toHaveLength(1);
    expect(ask('x')).toEqual([]);
    const first = ask('m1');
    for (let index = 0; index < 5000; index++) ask(`m${index}`);
    expect(ask('m1')).not.toBe(first);
  });

  it('no rule, no rules', () => {
    expect(compilePayloadRules(none, protocols)).toBeUndefined();
    expect(compilePayloadRules({ ...none, filter: [{ models: every, params: [] }] }, protocols)).toBeUndefined();
    expect(compilePayloadRules({ ...none, filter: [{ models: [], params: ['a'] }] }, protocols)).toBeUndefined();
  });

  it('values of YAML that JSON does not have become null', () => {
    expect(run({ override: [{ models: every, params: { a: Number.NaN, b: undefined } }] }, {})).toEqual({
      a: null,
      b: null,
    });
  });

  it('raw values that are no text stand for themselves', () => {
    expect(run({ 'override-raw': [{ models: every, params: { a: { b: 1 } } }] }, {})).toEqual({ a: { b: 1 } });
  });
});
