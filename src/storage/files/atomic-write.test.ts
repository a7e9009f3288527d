import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStaleTemp, prepareFile } from './atomic-write.ts';
import { createFileRecords } from './records.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmproxy-atomic-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** The name of a temporary file of this process. */
async function ownTempName(): Promise<string> {
  const prepared = await prepareFile(join(directory, 'x.json'), Buffer.from('x'));
  const [name = ''] = readdirSync(directory);
  await prepared.discard();
  return name;
}

/** A pid that no process has. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('prepareFile', () => {
  it('shows nothing until the commit, and leaves nothing after it', async () => {
    const target = join(directory, 'a.json');
    writeFileSync(target, 'old');
    const prepared = await prepareFile(target, Buffer.from('new'));
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(readdirSync(directory)).toHaveLength(2);
    await prepared.commit();
    await prepared.discard();
    expect(readdirSync(directory)).toEqual(['a.json']);
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing when it is discarded', async () => {
    await (await prepareFile(join(directory, 'a.json'), Buffer.from('new'))).discard();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('isStaleTemp', () => {
  it('is for files of dead processes of this machine, after a minute', async () => {
    const own = await ownTempName();
    const dead = own.replace(`-${process.pid}-`, `-${deadPid()}-`);
    expect(isStaleTemp(own, 1e12)).toBe(false);
    expect(isStaleTemp(dead, 59_999)).toBe(false);
    expect(isStaleTemp(dead, 60_000)).toBe(true);
  });

  it('is for files of other machines after an hour, and never for other files', async () => {
    const foreign = (await ownTempName()).replace(/-[0-9a-f]{6}-/, '-zzzzzz-').replace('zzzzzz', '000000');
    expect(isStaleTemp(foreign, 3_599_999)).toBe(false);
    expect(isStaleTemp(foreign, 3_600_000)).toBe(true);
    expect(isStaleTemp('.claude.json.swp', 1e12)).toBe(false);
    expect(isStaleTemp('.llmproxy.lock', 1e12)).toBe(false);
  });

  it('takes them away with the next listing', async () => {
    const own = await ownTempName();
    const dead = own.replace(`-${process.pid}-`, `-${deadPid()}-`);
    const young = dead.replace(/[0-9a-f]{8}\.tmp$/, '00000000.tmp');
    for (const name of [own, dead, young]) writeFileSync(join(directory, name), 'half');
    const longAgo = Date.now() / 1000 - 120;
    for (const name of [own, dead]) utimesSync(join(directory, name), longAgo, longAgo);
    const records = createFileRecords({ directory, warn: () => undefined });
    expect(await records.list()).toEqual({ records: [], problems: [] });
    await records.close();
    expect(readdirSync(directory).toSorted()).toEqual([own, young].toSorted());
  });
});
