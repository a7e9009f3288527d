import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecordCipher } from '../../src/storage/files/cipher.ts';
import { createFileRecords, type FileRecords } from '../../src/storage/files/records.ts';
import { parseSecretKey } from '../../src/storage/files/secret-key.ts';
import { recordFault } from './record-fault.ts';
import { freshDirectory, startChild } from './record-faults.ts';

const KEY = '33'.repeat(32);
let directory: ReturnType<typeof freshDirectory>;

beforeEach(() => {
  directory = freshDirectory();
});
afterEach(() => directory.remove());

/** The last round that the child said was done, and whether what lies there is that or what came after it. */
async function check(records: FileRecords, done: Map<string, number>): Promise<{ lost: number; half: number }> {
  const { records: found, problems } = await records.list();
  let lost = 0;
  let half = problems.length;
  const byId = new Map(found.map((record) => [record.id, record.fields]));
  for (const [id, round] of done) {
    const fields = byId.get(id);
    if (fields === undefined || Number(fields['round']) < round) lost++;
  }
  for (const fields of byId.values()) {
    const round = Number(fields['round']);
    const expected = String.fromCharCode(97 + (round % 26)).repeat(6000 + (round % 7) * 1000);
    if (fields['access_token'] !== expected || fields['note'] !== 'kept') half++;
  }
  return { lost, half };
}

interface Tally {
  kills: number;
  writes: number;
  leftovers: number;
  lost: number;
  half: number;
}

/** Starts a writer and kills it in the middle, so often. */
async function killWriters(folder: string, kills: number, key: string | undefined, tally: Tally): Promise<void> {
  const encryption = key === undefined ? {} : { encryption: createRecordCipher(await parseSecretKey(key)) };
  const warnings: string[] = [];
  const records = createFileRecords({ directory: folder, warn: (message) => warnings.push(message), ...encryption });
  const done = new Map<string, number>();
  let next = 0;
  const leftovers = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.tmp'));
  for (let kill = 0; kill < kills; kill++, tally.kills++) {
    const env: Record<string, string> = key === undefined ? {} : { TEST_SECRET_KEY: key };
    const running = startChild(['rewrite', folder, String(next)], undefined, env);
    await once(running.child.stdout ?? running.child, 'data');
    // From the first write on, at any moment of the writes that follow.
    await sleep(Math.random() * 30);
    running.child.kill('SIGKILL');
    const rounds = (await running.ended).split('\n').slice(0, -1).map(Number);
    for (const round of rounds) done.set(`account-${round % 5}.json`, round);
    tally.writes += rounds.length;
    next = (rounds.at(-1) ?? next) + 1;
    tally.leftovers += leftovers().length;
    // Old enough for the next listing to take them away.
    for (const name of leftovers()) utimesSync(join(folder, name), 1, 1);
    const { lost, half } = await check(records, done);
    tally.lost += lost;
    tally.half += half;
  }
  await records.close();
  expect(warnings).toEqual([]);
  expect(leftovers()).toEqual([]);
}

describe.each([
  ['plain', undefined, 500],
  ['encrypted', KEY, 50],
])('kill -9 during the write of a token, %s', (kind, key, kills) => {
  it(`${kills} times: no file is lost, and none is half`, async () => {
    const tally: Tally = { kills: 0, writes: 0, leftovers: 0, lost: 0, half: 0 };
    // Two at a time, each on its own directory: what takes the time is the start of a process.
    const folders = ['one', 'two'].map((name) => join(directory.path, name));
    await Promise.all(
      folders.map((folder) => {
        mkdirSync(folder, { mode: 0o700 });
        return killWriters(folder, kills / 2, key, tally);
      }),
    );
    console.log(`kill -9, ${kind}: ${JSON.stringify(tally)}`);
    expect(tally).toMatchObject({ kills, lost: 0, half: 0 });
    const lost = tally.lost + tally.half;
    recordFault(key === undefined ? 'kill-token-write' : 'kill-encrypted-write', { rounds: tally.kills, lost });
    // Otherwise nothing was ever killed in the middle.
    expect(tally.leftovers).toBeGreaterThan(kills / 50);
    expect(tally.writes).toBeGreaterThan(kills);
  }, 300_000);
});

describe('two processes on one directory', () => {
  it('change the same records at once, and no change is lost', async () => {
    const children = ['300', '300'].map((count) => startChild(['increment', directory.path, count]));
    const conflicts = (await Promise.all(children.map(({ ended }) => ended))).map(Number);
    const sum = [0, 1, 2].map((n) => JSON.parse(readFileSync(join(directory.path, `counter-${n}.json`), 'utf8')).n);
    expect(sum).toEqual([200, 200, 200]);
    // Otherwise they never met.
    expect(conflicts.reduce((all, one) => all + one, 0)).toBeGreaterThan(0);
    console.log(`two processes: 600 changes, ${conflicts.join(' + ')} conflicts, 0 lost`);
  }, 120_000);

  it('one of them dies with the lock in its hands, and the other goes on at once', async () => {
    const records = createFileRecords({ directory: directory.path, warn: () => undefined });
    for (let round = 0; round < 20; round++) {
      const running = startChild(['rewrite', directory.path, '0']);
      await once(running.child.stdout ?? running.child, 'data');
      running.child.kill('SIGKILL');
      const begun = performance.now();
      await records.write('mine.json', { round });
      expect(performance.now() - begun).toBeLessThan(2000);
      await running.ended;
    }
    await records.close();
  }, 60_000);
});

describe('1,000 files changed at once', () => {
  it('are all seen, and the loop has its turns meanwhile', async () => {
    const records = createFileRecords({ directory: directory.path, warn: () => undefined });
    const ids = Array.from({ length: 1000 }, (_, index) => `account-${index}.json`);
    await Promise.all(ids.map((id) => records.write(id, { n: 1, access_token: 'x'.repeat(3000) })));
    await Promise.all(ids.map((id) => records.write(id, { n: 2, access_token: 'y'.repeat(3000) })));
    let longestMs = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);
    const { records: found, problems } = await records.list();
    clearInterval(timer);
    expect(found.map(({ fields }) => fields['n'])).toEqual(ids.map(() => 2));
    expect(problems).toEqual([]);
    await records.close();
    console.log(`1,000 files: the longest turn while listing was ${longestMs.toFixed(1)} ms`);
    // Other tests run beside this one; alone it is a few milliseconds.
    expect(longestMs).toBeLessThan(100);
  }, 120_000);
});
