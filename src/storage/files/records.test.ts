import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors.ts';
import { createFileRecords, type FileRecords } from './records.ts';

const NOW = Date.parse('2026-05-06T07:08:09Z');
let base: string;
let directory: string;
let records: FileRecords;
let warnings: string[];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'llmproxy-records-'));
  directory = join(base, 'auths');
  warnings = [];
  records = open();
});
afterEach(async () => {
  await records.close();
  rmSync(base, { recursive: true });
});

function open(): FileRecords {
  return createFileRecords({ directory, clock: { now: () => NOW }, warn: (message) => warnings.push(message) });
}

/** Puts a file there as another program would, so long before now. */
function put(id: string, text: string, ageMs = 60_000): string {
  const path = join(directory, id);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  utimesSync(path, (NOW - ageMs) / 1000, (NOW - ageMs) / 1000);
  return path;
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const failure = (message: string | RegExp): unknown =>
  expect.objectContaining({ code: 'storage_failed', message: expect.stringMatching(message) });

describe('writing', () => {
  it('makes the directory and the file for their owner only, and reads back what it wrote', async () => {
    const written = await records.write('team/claude-a@b.example.json', { type: 'claude', access_token: 'fake' });
    expect(mode(directory)).toBe('700');
    expect(mode(join(directory, 'team'))).toBe('700');
    const path = join(directory, 'team/claude-a@b.example.json');
    expect(mode(path)).toBe('600');
    expect(readFileSync(path, 'utf8')).toBe('{\n  "type": "claude",\n  "access_token": "fake"\n}\n');
    expect(await records.read('team/claude-a@b.example.json')).toEqual(written);
    expect(await records.list()).toEqual({ records: [written], problems: [] });
    expect(readdirSync(join(directory, 'team'))).toEqual(['claude-a@b.example.json']);
    expect(warnings).toEqual([]);
  });

  it('compares and sets: the revision it expects, none at all, or whatever is there', async () => {
    const first = await records.write('a.json', { n: 1 }, null);
    expect(await records.write('a.json', { n: 2 }, null)).toBeUndefined();
    expect(await records.write('a.json', { n: 2 }, 'another')).toBeUndefined();
    const second = await records.write('a.json', { n: 2 }, first?.revision);
    expect(second?.fields).toEqual({ n: 2 });
    expect(await records.write('a.json', { n: 3 }, first?.revision)).toBeUndefined();
    expect((await records.write('a.json', { n: 4 }))?.fields).toEqual({ n: 4 });
    expect(await records.write('b.json', { n: 1 }, 'gone')).toBeUndefined();
    expect((await records.list()).records.map(({ id, fields }) => [id, fields])).toEqual([['a.json', { n: 4 }]]);
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('gives one of two writers that expect the same revision the file', async () => {
    const first = await records.write('a.json', { n: 0 });
    const other = open();
    const results = await Promise.all([
      records.write('a.json', { n: 1 }, first?.revision),
      other.write('a.json', { n: 2 }, first?.revision),
    ]);
    await other.close();
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    const [winner] = results.filter((result) => result !== undefined);
    expect(await records.read('a.json')).toEqual(winner);
  });

  it('does not rewrite what is unchanged, however it is formatted', async () => {
    const path = put('a.json', '{"b":[1,{"c":null}],   "a":1}');
    const before = statSync(path);
    const written = await records.write('a.json', { a: 1, b: [1, { c: null }], gone: undefined });
    expect(written?.fields).toEqual({ a: 1, b: [1, { c: null }] });
    expect(statSync(path).ino).toBe(before.ino);
    expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
  });

  it.each([
    '../a.json',
    '/etc/a.json',
    'a/../b.json',
    '.hidden.json',
    'a/.b/c.json',
    'a.txt',
    'a\\b.json',
    '',
    'a\0.json',
  ])('refuses the id %j', async (id) => {
    await expect(records.write(id, {})).rejects.toEqual(failure('cannot be the name of an account'));
    await expect(records.read(id)).rejects.toBeInstanceOf(ProxyError);
    await expect(records.delete(id)).rejects.toBeInstanceOf(ProxyError);
  });

  it('refuses what is too large and says which file', async () => {
    await records.write('a.json', { n: 1 });
    await expect(records.write('a.json', { n: 'x'.repeat(1024 * 1024) })).rejects.toEqual(
      failure(/auths\/a\.json: it is too large/),
    );
    expect((await records.read('a.json'))?.fields).toEqual({ n: 1 });
  });

  it('names the file and the reason when a file is in the place of the directory', async () => {
    writeFileSync(directory, 'not a directory');
    await expect(records.write('a.json', { token: 'fake-secret' })).rejects.toEqual(
      failure(/^cannot (write|open) .*auths\/a\.json: a file is in the place of a directory$/),
    );
    await expect(records.list()).rejects.toEqual(failure(/auths: a file is in the place of a directory$/));
    expect(readFileSync(directory, 'utf8')).toBe('not a directory');
  });

  it('sets a damaged file aside before it writes in its place', async () => {
    const path = put('a.json', '{"half', 0);
    expect((await records.write('a.json', { n: 1 }))?.fields).toEqual({ n: 1 });
    expect(readFileSync(`${path}.corrupt-20260506T070809Z`, 'utf8')).toBe('{"half');
  });
});

describe('deleting', () => {
  it('tells whether there was one', async () => {
    expect(await records.delete('a.json')).toBe(false);
    await records.write('a.json', { n: 1 });
    expect(await records.delete('a.json')).toBe(true);
    expect(await records.read('a.json')).toBeUndefined();
    expect(await records.delete('a.json')).toBe(false);
  });
});

describe('listing', () => {
  it('of a directory that does not exist is empty, and does not make it', async () => {
    expect(await records.list()).toEqual({ records: [], problems: [] });
    expect(existsSync(directory)).toBe(false);
  });

  it('walks folders and leaves out what is hidden or no .json file', async () => {
    for (const id of ['b.json', 'a.json', 'team/deep/c.json']) put(id, '{}');
    const others = ['.hidden.json', '.git/a.json', 'notes.txt', 'a.json.bak', 'claude.cds', 'node_modules/x.json'];
    for (const id of [...others, 'upper.JSON', 'a.json.corrupt-20260101T000000Z']) put(id, '{}');
    mkdirSync(join(directory, 'folder.json'));
    const { records: found, problems } = await records.list();
    expect(found.map(({ id }) => id)).toEqual(['a.json', 'b.json', 'team/deep/c.json']);
    expect(problems).toEqual([]);
  });

  it('follows links to files inside, and reports those that lead out', async () => {
    put('real/a.json', '{"n":1}');
    symlinkSync(join(directory, 'real/a.json'), join(directory, 'link.json'));
    writeFileSync(join(base, 'outside.json'), '{"n":2}');
    symlinkSync(join(base, 'outside.json'), join(directory, 'out.json'));
    symlinkSync(base, join(directory, 'up'));
    symlinkSync(join(directory, 'nowhere'), join(directory, 'dangling.json'));
    const { records: found, problems } = await records.list();
    expect(found.map(({ id }) => id)).toEqual(['link.json', 'real/a.json']);
    expect(problems).toEqual([{ id: 'out.json', message: expect.stringContaining('leads out of the directory') }]);
    await expect(records.write('out.json', {})).rejects.toEqual(failure('leads out of the directory'));
    await expect(records.write('up/new.json', {})).rejects.toEqual(failure('leads out of the directory'));
    await records.write('link.json', { n: 3 });
    expect((await records.read('real/a.json'))?.fields).toEqual({ n: 3 });
    expect(readFileSync(join(base, 'outside.json'), 'utf8')).toBe('{"n":2}');
  });

  it('works when the directory itself is a link', async () => {
    mkdirSync(join(base, 'real'), { mode: 0o700 });
    symlinkSync(join(base, 'real'), directory);
    await records.write('a.json', { n: 1 });
    expect((await records.list()).records.map(({ id }) => id)).toEqual(['a.json']);
  });

  it('repairs permissions with one warning', async () => {
    const path = put('a.json', '{}');
    put('b.json', '{}');
    const nested = put('team/c.json', '{}');
    for (const loose of [path, nested]) chmodSync(loose, 0o644);
    chmodSync(join(directory, 'team'), 0o755);
    await records.list();
    expect([path, nested, join(directory, 'team')].map(mode)).toEqual(['600', '600', '700']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^others could read .*team.*a\.json.* in .*auths: repaired$/);
    await records.list();
    expect(warnings).toHaveLength(1);
  });

  it('sets damaged files aside, deletes none, and says where they are', async () => {
    const texts = { 'empty.json': '', 'half.json': '{"type":"cla', 'list.json': '[1]', 'text.json': '"secret-text"' };
    for (const [id, text] of Object.entries(texts)) put(id, text);
    put('good.json', '\uFEFF{"n":1}');
    const { records: found, problems } = await records.list();
    expect(found.map(({ fields }) => fields)).toEqual([{ n: 1 }]);
    expect(problems.map(({ id }) => id)).toEqual(Object.keys(texts));
    expect(JSON.stringify([problems, warnings])).not.toContain('secret-text');
    expect(problems[0]?.message).toMatch(/^cannot read empty\.json: it is empty; it is set aside as .*Z$/);
    for (const [id, text] of Object.entries(texts)) {
      expect(readFileSync(join(directory, `${id}.corrupt-20260506T070809Z`), 'utf8')).toBe(text);
    }
    expect(warnings).toHaveLength(4);
    // They stay on the list of this process until there are others in their places.
    expect(await records.list()).toEqual({ records: found, problems });
    for (const id of Object.keys(texts)) put(id, '{"n":1}');
    expect((await records.list()).problems).toEqual([]);
    expect(warnings).toHaveLength(4);
  });

  it('repairs permissions of a single file that it reads', async () => {
    put('a.json', '{"n":1}');
    chmodSync(join(directory, 'a.json'), 0o644);
    await records.read('a.json');
    expect(statSync(join(directory, 'a.json')).mode & 0o777).toBe(0o600);
    expect(warnings).toEqual([`others could read a.json in ${directory}: repaired`]);
  });

  it('never replaces what was set aside before', async () => {
    put('a.json', 'first');
    await records.list();
    put('a.json', 'second');
    await records.list();
    const kept = readdirSync(directory).filter((name) => name.includes('corrupt'));
    expect(kept.map((name) => readFileSync(join(directory, name), 'utf8'))).toEqual(['first', 'second']);
  });

  it.each([0, 4000, -4000])('leaves a damaged file that changed %i ms ago', async (ageMs) => {
    const path = put('a.json', '', ageMs);
    const { problems } = await records.list();
    expect(problems).toEqual([
      { id: 'a.json', message: 'cannot read a.json: it is empty; perhaps it is still being written' },
    ]);
    expect(existsSync(path)).toBe(true);
    expect(warnings).toEqual(problems.map(({ message }) => message));
    await records.list();
    expect(warnings).toHaveLength(1);
    await expect(records.read('a.json')).rejects.toEqual(failure('it is empty'));
  });

  it('sets a damaged file from the far future aside', async () => {
    put('a.json', '', -86_400_000);
    expect((await records.list()).problems[0]?.message).toContain('set aside');
  });

  it('reports what is too large and leaves it', async () => {
    const path = put('a.json', ' '.repeat(1024 * 1024 + 1));
    expect((await records.list()).problems).toEqual([
      { id: 'a.json', message: 'cannot read a.json: it is too large for an account' },
    ]);
    expect(existsSync(path)).toBe(true);
  });
});
