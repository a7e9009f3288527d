import { describe, expect, it } from 'vitest';
import { FieldReader } from './field-reader.ts';
import { userSettings } from './user-settings.ts';

function settings(fields: Record<string, unknown>): { members: unknown; warnings: string[] } {
  const warnings: string[] = [];
  const result = userSettings(new FieldReader(fields, (message) => warnings.push(message)));
  if ('problem' in result) throw new Error(result.problem);
  return { members: result.members, warnings };
}

const usual = { headers: {}, priority: 0, weight: 1, excludedModels: [] };

describe('what users write into a record', () => {
  const all = {
    prefix: '/team/',
    proxy_url: 'socks5h://user:fake@proxy.test:1080',
    priority: 5,
    weight: 3,
    note: 'mine',
    headers: { 'X-Team': 'blue', Authorization: '$X-Forwarded-Token' },
    excluded_models: ['Claude-3*', 'claude-3*', ' '],
    model_aliases: [{ name: 'claude-opus-4', alias: 'opus', fork: true, force_mapping: true, display_name: 'Opus' }],
    disable_cooling: false,
    request_retry: 0,
    request_scoped_errors: [{ status: 400, match: ['too long'], match_regexr: ['(?i)limit'], action: 'stop' }],
    max_in_flight: 2,
    websockets: true,
  };
  const members = {
    prefix: 'team',
    proxyUrl: 'socks5h://user:fake@proxy.test:1080',
    priority: 5,
    weight: 3,
    headers: { 'x-team': 'blue', authorization: '$X-Forwarded-Token' },
    excludedModels: ['claude-3*', 'claude-3*'],
    modelAliases: [{ name: 'claude-opus-4', alias: 'opus', fork: true, forceMapping: true, displayName: 'Opus' }],
    disableCooling: false,
    requestRetry: 0,
    errorRules: [{ status: 400, texts: ['too long'], patterns: [/limit/i], action: 'stop' }],
    maxInFlight: 2,
    websockets: true,
  };

  it('is taken as it is', () => expect(settings(all)).toEqual({ members, warnings: [] }));

  it('may be spelled with dashes, at every level', () => {
    const dashed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(dashed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.replaceAll('_', '-'), dashed(item)]));
    };
    expect(settings(Object.fromEntries(Object.entries(dashed(all) as object)))).toEqual({ members, warnings: [] });
  });

  it('counts with underscores when it is there twice', () => {
    expect(settings({ 'request-retry': 1, request_retry: 2 }).members).toEqual({ ...usual, requestRetry: 2 });
  });

  it.each([{}, { prefix: '', proxy_url: ' ', headers: null, priority: null, weight: '', websockets: false }])(
    'is the usual when it says nothing: %j',
    (fields) => expect(settings(fields)).toEqual({ members: usual, warnings: [] }),
  );

  it.each([
    [{ priority: '5' }, { priority: 5 }, 'priority is text and read as a number'],
    [{ weight: ' 7 ' }, { weight: 7 }, 'weight is text and read as a number'],
    [{ weight: 2e6 }, { weight: 1e6 }, undefined],
    [{ weight: 0 }, { weight: 0 }, undefined],
    [{ priority: 'high' }, {}, 'priority is ignored: expected a whole number'],
    [{ priority: 1.5 }, {}, 'priority is ignored: expected a whole number'],
    [{ request_retry: -1 }, {}, undefined],
    [{ max_in_flight: 0 }, {}, undefined],
    [{ disable_cooling: 'yes' }, { disableCooling: true }, 'disable_cooling is text and read as true'],
    [{ disable_cooling: 0 }, { disableCooling: false }, 'disable_cooling is a number and read as false'],
    [{ disable_cooling: 'perhaps' }, {}, 'disable_cooling is ignored: expected true or false'],
    [{ prefix: 'a/b' }, {}, 'prefix is ignored: it contains a slash'],
    [{ prefix: 7 }, { prefix: '7' }, 'prefix is a number and read as text'],
    [{ prefix: [] }, {}, 'prefix is ignored: expected text'],
    [{ proxy_url: 'none' }, { proxyUrl: 'direct' }, undefined],
    [{ excluded_models: 'a, b' }, { excludedModels: ['a', 'b'] }, 'excluded_models is text and read as a list, parted'],
    [{ excluded_models: { a: 1 } }, {}, 'excluded_models is ignored: expected a list'],
    [{ excluded_models: [1] }, {}, 'an item of excluded_models is ignored: expected text'],
    [{ headers: { 'X-N': 5 } }, { headers: { 'x-n': '5' } }, undefined],
    [{ headers: { 'X-N': {} } }, {}, 'an item of headers is ignored: expected text'],
    [{ headers: { 'Content-Length': '5' } }, {}, 'a name in headers is ignored'],
    [{ headers: { 'a b': '5' } }, {}, 'a name in headers is ignored'],
    [{ headers: { a: 'x\ny' } }, {}, 'headers.a is ignored: its value has characters that HTTP cannot carry'],
    [{ headers: 'a: b' }, {}, 'headers is ignored: expected an object'],
    [{ model_aliases: [{ name: 'm', alias: 'M' }] }, {}, 'an item of model_aliases is ignored: it names no new model'],
    [{ model_aliases: ['m'] }, {}, 'an item of model_aliases is ignored: expected an object'],
    [{ request_scoped_errors: [{ status: 400, action: 'stop' }] }, {}, 'it has neither match nor match-regexr'],
    [{ request_scoped_errors: [{ status: 400, match: ['x'], action: 'explode' }] }, {}, 'it has no action'],
  ])('%j', (fields, expected, warning) => {
    const result = settings(fields);
    expect(result.members).toEqual({ ...usual, ...expected });
    if (warning === undefined) expect(result.warnings).toEqual([]);
    else expect(result.warnings.join()).toContain(warning);
  });
});
