import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryRecords } from '../../test/support/memory-records.ts';
import { MINUTE, type RefreshWorld, startRefreshWorld, until } from '../../test/support/refresh-harness.ts';
import { ProxyError } from '../errors.ts';

const DAY = 24 * 60 * MINUTE;
let world: RefreshWorld;
let records: MemoryRecords;

beforeEach(async () => {
  world = await startRefreshWorld();
  records = new MemoryRecords();
});
afterEach(() => world.close());

const account = (name: string, endsInMs: number) => records.set(`${name}.json`, world.fields(name, endsInMs));

describe('ahead of the end', () => {
  test('what ends within ten minutes is renewed, and written with what the user set', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', { note: 'mine', ...world.fields('a', 9 * MINUTE) }));
    one.put(account('b', 30 * MINUTE));
    one.refresher.start();
    await until(() => one.renewed.length === 1);
    expect(records.get('a.json')).toMatchObject({
      note: 'mine',
      access_token: 'access-a-2',
      refresh_token: 'refresh-a-2',
    });
    expect(Object.keys(records.get('a.json')).filter((name) => name.startsWith('llmproxy'))).toEqual([]);
    expect(Date.parse(String(records.get('a.json')['expired']))).toBeGreaterThan(world.now() + 59 * MINUTE);
    expect(one.renewed[0]?.fields['access_token']).toBe('access-a-2');
    expect(world.server.seen).toHaveLength(1);
    expect(one.warnings).toEqual([]);
    expect(one.refresher.status('b.json')).toMatchObject({ state: 'active', failures: 0, needsLogin: false });
  });

  test('what has no access token yet gets one', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', { type: 'test', refresh_token: 'refresh-a-1' }));
    one.refresher.start();
    await until(() => one.renewed.length === 1);
    expect(records.get('a.json')['access_token']).toBe('access-a-2');
  });

  test('many that are due at once, as after a jump of the clock, go a few at a time', async () => {
    const one = world.process(records, 2);
    world.server.delayMs = 400;
    for (let index = 0; index < 12; index++) one.put(account(`n${index}`, 60 * MINUTE));
    world.shiftMs = DAY;
    one.refresher.start();
    await until(() => one.renewed.length === 12, 15_000);
    expect(world.server.mostAtOnce).toBe(2);
    world.shiftMs = 0;
    expect(one.refresher.statuses().every(({ dueAtMs = 0 }) => dueAtMs <= world.now())).toBe(true);
  });
});

describe('a refused token', () => {
  test('is renewed once for fifty requests that ask at the same time, and for those that ask later', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    world.server.delayMs = 100;
    const asked = Array.from({ length: 50 }, () => one.refresher.renew('a.json', 'access-a-1'));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map((record) => record?.fields['access_token']))).toEqual(new Set(['access-a-2']));
    expect((await one.refresher.renew('a.json', 'access-a-1'))?.fields['access_token']).toBe('access-a-2');
    expect(world.server.seen).toHaveLength(1);
  });

  test('that has just been renewed is not renewed again', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    await one.refresher.renew('a.json', 'access-a-1');
    expect(await one.refresher.renew('a.json', 'access-a-2')).toBeUndefined();
    world.shiftMs += 31_000;
    expect((await one.refresher.renew('a.json', 'access-a-2'))?.fields['access_token']).toBe('access-a-3');
  });

  test('of an account nobody knows, or whose record is gone', async () => {
    const one = world.process(records);
    expect(await one.refresher.renew('a.json', 'x')).toBeUndefined();
    one.put(account('a', 60 * MINUTE));
    records.delete('a.json');
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeUndefined();
    expect(one.refresher.statuses()).toEqual([]);
    expect(world.server.seen).toEqual([]);
  });
});

describe('failures', () => {
  test('an endpoint that is down for an hour is asked ever less, told of once, and then works', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    world.server.script = () => ({ status: 503, body: 'down' });
    for (let minute = 0; minute < 60; minute++) {
      expect(await one.refresher.renew('a.json', 'access-a-1')).toBeUndefined();
      world.shiftMs += MINUTE;
    }
    expect(world.server.seen.length).toBeGreaterThanOrEqual(5);
    expect(world.server.seen.length).toBeLessThanOrEqual(7);
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'error', needsLogin: false });
    expect(one.warnings).toEqual([
      'a@example.test: its token cannot be renewed (the token endpoint answered 503: down); trying again later',
    ]);
    world.server.script = () => undefined;
    world.shiftMs += 31 * MINUTE;
    one.refresher.start();
    await until(() => one.renewed.length === 1);
    expect(one.warnings.slice(1)).toEqual(['a@example.test: its token is renewed again']);
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'active', message: '', failures: 0 });
  });

  test('a limit is waited for as long as the server says', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    world.server.script = () => ({ status: 429, body: {}, headers: { 'retry-after': '600' } });
    await one.refresher.renew('a.json', 'access-a-1');
    world.server.script = () => undefined;
    world.shiftMs += 9 * MINUTE;
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeUndefined();
    world.shiftMs += 2 * MINUTE;
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeDefined();
  });

  test('a pause does not last a day longer because the clock goes back', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    world.server.script = () => ({ status: 500, body: '' });
    await one.refresher.renew('a.json', 'access-a-1');
    world.shiftMs -= DAY;
    world.server.script = () => undefined;
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeDefined();
  });

  test('a refresh token that was used before needs a new login: nobody tries again until there is one', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', { ...world.fields('a', MINUTE), refresh_token: 'refresh-a-0' }));
    one.refresher.start();
    await until(() => one.refresher.status('a.json')?.needsLogin === true);
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'error', dueAtMs: undefined });
    expect(one.warnings).toEqual([
      'a@example.test: its token cannot be renewed (the token endpoint answered 401 refresh_token_reused: used before); it needs a new login',
    ]);
    world.shiftMs += DAY;
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeUndefined();
    one.put(records.set('a.json', { ...records.get('a.json'), note: 'edited' }));
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeUndefined();
    expect(world.server.seen).toHaveLength(1);
    one.put(account('a', 60 * MINUTE));
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'active', needsLogin: false });
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeDefined();
  });
});

test('a server that does not answer is given up after half a minute, and the request gets its answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const one = world.process(records);
    const record = account('a', 60 * MINUTE);
    let isAborted = false;
    const refresh = (_: unknown, { signal }: { signal: AbortSignal }): Promise<never> =>
      new Promise((_done, reject) => {
        signal.addEventListener('abort', () => {
          isAborted = true;
          reject(new ProxyError('upstream_timeout', 'no answer'));
        });
      });
    one.refresher.put({ record, label: 'a', fetch, rules: { types: ['test'], refreshLeadMs: 0, refresh } });
    const renewing = one.refresher.renew('a.json', 'access-a-1');
    await vi.advanceTimersByTimeAsync(29_900);
    expect(isAborted).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await renewing).toBeUndefined();
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'error', message: 'no answer' });
    expect(records.get('a.json')).toEqual(record.fields);
  } finally {
    vi.useRealTimers();
  }
});

describe('new tokens that cannot be written', () => {
  test('are used, told of, kept over a reading of the old file, and written as soon as that works', async () => {
    const one = world.process(records);
    const before = one.put(account('a', 60 * MINUTE));
    records.isFull = true;
    expect((await one.refresher.renew('a.json', 'access-a-1'))?.fields['access_token']).toBe('access-a-2');
    expect(records.get('a.json')['access_token']).toBe('access-a-1');
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'active', isUnsaved: true });
    expect(one.warnings).toEqual([
      'a.json cannot be written, its token is renewed nevertheless: no space left on device',
      expect.stringContaining('new token could not be written (no space left on device); it is in memory only'),
    ]);
    expect(one.put({ ...before, fields: { ...before.fields, note: 'edited' } }).fields).toMatchObject({
      access_token: 'access-a-2',
      note: 'edited',
    });
    world.shiftMs += MINUTE;
    expect((await one.refresher.renew('a.json', 'access-a-2'))?.fields['access_token']).toBe('access-a-3');
    records.isFull = false;
    await until(() => records.get('a.json')['refresh_token'] === 'refresh-a-3');
    await until(() => one.refresher.status('a.json')?.isUnsaved === false);
    expect(one.warnings.at(-1)).toBe('a@example.test: its new token is written now');
  });

  test('are written at the latest when the process ends', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    records.isFull = true;
    await one.refresher.renew('a.json', 'access-a-1');
    records.isFull = false;
    await one.refresher.close();
    expect(records.get('a.json')['refresh_token']).toBe('refresh-a-2');
  });

  test('do not come to be while the old one is good: a renewal ahead of the end waits for the disk', async () => {
    const one = world.process(records);
    one.put(account('a', 5 * MINUTE));
    records.isFull = true;
    one.refresher.start();
    await until(() => one.refresher.status('a.json')?.state === 'error');
    expect(world.server.seen).toEqual([]);
    expect(one.refresher.status('a.json')).toMatchObject({ message: 'no space left on device', isUnsaved: false });
  });
});

describe('two processes on one store', () => {
  test('spend a refresh token once', async () => {
    const [one, two] = [world.process(records), world.process(records)];
    world.server.delayMs = 50;
    for (let round = 0; round < 5; round++) {
      const record = account(`r${round}`, MINUTE);
      one.put(record);
      two.put(record);
    }
    one.refresher.start();
    two.refresher.start();
    await until(() => one.renewed.length === 5 && two.renewed.length === 5, 15_000);
    expect(world.server.seen.map((body) => body['refresh_token']).sort()).toEqual(
      Array.from({ length: 5 }, (_, round) => `refresh-r${round}-1`),
    );
    expect([...one.warnings, ...two.warnings]).toEqual([]);
  });

  test('take what the other has got, without asking the server', async () => {
    const [one, two] = [world.process(records), world.process(records)];
    const record = account('a', 60 * MINUTE);
    one.put(record);
    two.put(record);
    await one.refresher.renew('a.json', 'access-a-1');
    expect((await two.refresher.renew('a.json', 'access-a-1'))?.fields['access_token']).toBe('access-a-2');
    expect(world.server.seen).toHaveLength(1);
  });

  test('a process that died over a renewal blocks the other for less than a minute', async () => {
    const one = world.process(records);
    const mark = new Date(world.now() + 700).toISOString();
    one.put(records.set('a.json', { ...world.fields('a', MINUTE), llmproxy_renewing_until: mark }));
    const began = world.now();
    expect(await one.refresher.renew('a.json', 'access-a-1')).toBeDefined();
    expect(world.now() - began).toBeGreaterThan(600);
    const far = new Date(world.now() + DAY).toISOString();
    one.put(records.set('b.json', { ...world.fields('b', MINUTE), llmproxy_renewing_until: far }));
    expect(await one.refresher.renew('b.json', 'access-b-1'), 'a mark of a clock that was wrong').toBeDefined();
  });

  test('a program that knows no marks was faster: its tokens are taken', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    world.server.script = () => {
      records.set('a.json', { ...world.fields('a', 60 * MINUTE), access_token: 'other', refresh_token: 'other' });
      return { status: 400, body: { error: 'invalid_grant' } };
    };
    expect((await one.refresher.renew('a.json', 'access-a-1'))?.fields['access_token']).toBe('other');
    expect(one.refresher.status('a.json')).toMatchObject({ state: 'active' });
  });

  test('what the user changes during a renewal stays', async () => {
    const one = world.process(records);
    one.put(account('a', 60 * MINUTE));
    world.server.script = () => {
      records.set('a.json', { ...world.fields('a', 60 * MINUTE), note: 'edited' });
      return undefined;
    };
    await one.refresher.renew('a.json', 'access-a-1');
    expect(records.get('a.json')).toMatchObject({ note: 'edited', access_token: 'access-a-2' });
  });
});
