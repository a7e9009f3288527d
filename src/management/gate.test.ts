import { describe, expect, it } from 'vitest';
import type { ManagementRequest } from './answer.ts';
import { createGate, type GateSettings, type ManagementGate } from './gate.ts';
import { createKeyCheck } from './key-check.ts';

const KEY = 'fake-management-key';
/** bcrypt, cost 4. */
const HASH = '$2b$04$abcdefghijklmnopqrstuuPDKgHPgiBmCdd9GBKkGGj5dAkpDfSVK';

interface Bench {
  readonly gate: ManagementGate;
  nowMs: number;
  readonly hashed: string[];
}

function createBench(settings: Partial<GateSettings> = {}): Bench {
  const bench: Bench = {
    nowMs: 1000,
    hashed: [],
    gate: createGate({
      settings: () => ({ key: KEY, password: undefined, allowRemote: false, ...settings }),
      async matchesHash(key) {
        bench.hashed.push(key);
        return key === KEY;
      },
      nowMs: () => bench.nowMs,
    }),
  };
  return bench;
}

function request(key: string | undefined, change: Partial<ManagementRequest> = {}): ManagementRequest {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return { method: 'GET', path: '/status', headers, peer: '127.0.0.1', ...change };
}

const statusOf = async ({ gate }: Bench, asked: ManagementRequest): Promise<number | undefined> =>
  (await gate(asked))?.status;

describe('the gate of the management API', () => {
  it('is closed when there is no key', async () => {
    expect(await statusOf(createBench({ key: '' }), request('anything'))).toBe(404);
    expect(await statusOf(createBench({ key: '', password: '' }), request(''))).toBe(404);
  });

  it('takes the key from either header', async () => {
    const bench = createBench();
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
    expect(await statusOf(bench, request(undefined, { headers: { 'x-management-key': KEY } }))).toBeUndefined();
    expect(await statusOf(bench, request(undefined))).toBe(401);
    expect(await statusOf(bench, request(`${KEY}x`))).toBe(401);
    expect(bench.hashed).toEqual([]);
  });

  it('takes the key of the environment beside that of the configuration', async () => {
    const bench = createBench({ password: 'fake-password' });
    expect(await statusOf(bench, request('fake-password'))).toBeUndefined();
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
    expect(await statusOf(createBench({ key: '', password: 'fake-password' }), request(KEY))).toBe(401);
  });

  it('compares with a hash', async () => {
    const bench = createBench({ key: HASH });
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
    expect(await statusOf(bench, request('wrong'))).toBe(401);
    expect(await statusOf(bench, request(HASH))).toBe(401);
    expect(bench.hashed).toEqual([KEY, 'wrong', HASH]);
  });

  it('lets nobody in from other machines unless that is on', async () => {
    for (const peer of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', 'unknown']) {
      expect(await statusOf(createBench(), request(KEY, { peer }))).toBe(403);
      expect(await statusOf(createBench({ allowRemote: true }), request(KEY, { peer }))).toBeUndefined();
    }
    for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1', undefined]) {
      expect(await statusOf(createBench(), request(KEY, { peer }))).toBeUndefined();
    }
  });

  it('bans an address after five wrong keys, and only that one, for half an hour', async () => {
    const bench = createBench({ allowRemote: true });
    for (let time = 0; time < 5; time++) expect(await statusOf(bench, request('wrong'))).toBe(401);
    const refused = await bench.gate(request(KEY));
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1800' } });
    expect(await statusOf(bench, request(KEY, { peer: '192.0.2.1' }))).toBeUndefined();
    bench.nowMs += 30 * 60_000;
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
  });

  it('forgives wrong keys before a right one, and all when the clock is set back', async () => {
    const bench = createBench();
    for (let time = 0; time < 4; time++) await bench.gate(request('wrong'));
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
    for (let time = 0; time < 4; time++) await bench.gate(request('wrong'));
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
    for (let time = 0; time < 5; time++) await bench.gate(request('wrong'));
    expect(await statusOf(bench, request(KEY))).toBe(429);
    bench.nowMs = 0;
    expect(await statusOf(bench, request(KEY))).toBeUndefined();
  });
});

describe('createKeyCheck', () => {
  it('compares in a thread, and takes a hash that is none for one that fits nothing', async () => {
    const { hashSync } = await import('bcryptjs');
    const check = createKeyCheck();
    const bcryptHash = hashSync(KEY, 4);
    expect(await Promise.all([check(KEY, bcryptHash), check('wrong', bcryptHash)])).toEqual([true, false]);
    expect(await check(KEY, bcryptHash)).toBe(true);
    expect(await check(KEY, hashSync('another', 4))).toBe(false);
    expect(await check(KEY, '$2b$nonsense')).toBe(false);
  });
});
