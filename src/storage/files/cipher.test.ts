import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecordCipher, type RecordCipher } from './cipher.ts';
import { createFileRecords, type FileRecords } from './records.ts';
import { createSecretKey, parseKeyFile, parseSecretKey } from './secret-key.ts';

const one = await parseSecretKey('11'.repeat(32));
const two = await parseSecretKey('22'.repeat(32));
let directory: string;
let warnings: string[];
let opened: FileRecords[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'llmproxy-cipher-'));
  warnings = [];
  opened = [];
});
afterEach(async () => {
  for (const records of opened) await records.close();
  rmSync(directory, { recursive: true });
});

function open(encryption?: RecordCipher): FileRecords {
  const warn = (message: string): unknown => warnings.push(message);
  const records = createFileRecords({ directory, warn, ...(encryption === undefined ? {} : { encryption }) });
  opened.push(records);
  return records;
}

const text = (id: string): string => readFileSync(join(directory, id), 'utf8');
const keyIds = (): unknown[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(text(name)).key_id);

describe('secret keys', () => {
  it('are the same in hex, base64, base64url and as bytes', async () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const forms = ['hex', 'base64', 'base64url'] as const;
    const keys = await Promise.all(forms.map((form) => parseSecretKey(` ${bytes.toString(form)}\n`)));
    expect(new Set(keys.map((key) => Buffer.from(key.bytes).toString('hex'))).size).toBe(1);
    expect(await parseKeyFile(bytes)).toEqual([keys[0]]);
    expect(keys[0]?.id).toMatch(/^[0-9a-f]{8}$/);
    expect(Buffer.from(keys[0]?.bytes ?? [])).not.toEqual(bytes);
  });

  it('are made fresh', async () => {
    expect(createSecretKey()).not.toBe(createSecretKey());
    expect((await parseSecretKey(createSecretKey())).bytes).toHaveLength(32);
  });

  it('may be passphrases, which must not be short', async () => {
    const phrase = 'fake horse battery staple';
    expect(await parseSecretKey(phrase)).toEqual(await parseSecretKey(` ${phrase} `));
    expect((await parseSecretKey(phrase)).id).not.toBe((await parseSecretKey(`${phrase}s`)).id);
    await expect(async () => parseSecretKey('fifteen letters')).rejects.toMatchObject({ code: 'invalid_config' });
    await expect(async () => parseSecretKey('fifteen letters')).rejects.not.toThrow('fifteen');
  });

  it('stand one per line in a file, also a passphrase that is 32 bytes long with its line break', async () => {
    const phrase = 'fake passphrase of 31 letters!!';
    expect(phrase).toHaveLength(31);
    const [first, second] = await parseKeyFile(Buffer.from(`${'11'.repeat(32)}\n\n${'22'.repeat(32)}\r\n`));
    expect([first, second]).toEqual([one, two]);
    expect(await parseKeyFile(Buffer.from(`${phrase}\n`))).toEqual([await parseSecretKey(phrase)]);
  });
});

describe('encrypted records', () => {
  it('say which key, and nothing else', async () => {
    const records = open(createRecordCipher(one));
    const written = await records.write('a.json', { type: 'claude', access_token: 'fake-secret' });
    const envelope = JSON.parse(text('a.json'));
    expect(Object.keys(envelope)).toEqual(['llmproxy_encrypted', 'key_id', 'nonce', 'data']);
    expect(envelope).toMatchObject({ llmproxy_encrypted: 1, key_id: one.id });
    expect(await open(createRecordCipher(one)).read('a.json')).toEqual(written);
  });

  it('are not rewritten when nothing changed, although every encryption differs', async () => {
    const records = open(createRecordCipher(one));
    const first = await records.write('a.json', { n: 1 });
    const before = text('a.json');
    expect(await records.write('a.json', { n: 1 })).toEqual(first);
    expect(text('a.json')).toBe(before);
    await records.write('a.json', { n: 2 });
    expect(JSON.parse(text('a.json')).nonce).not.toBe(JSON.parse(before).nonce);
  });

  it('are reported without the key, not set aside, and not overwritten', async () => {
    await open(createRecordCipher(one)).write('a.json', { n: 1 });
    utimesSync(join(directory, 'a.json'), 1, 1);
    const plain = open();
    const message = `cannot read a.json: it is encrypted with the key ${one.id}, and there is none`;
    expect((await plain.list()).problems).toEqual([{ id: 'a.json', message: expect.stringContaining(message) }]);
    await expect(plain.read('a.json')).rejects.toThrow('LLMPROXY_SECRET_KEY');
    await expect(plain.write('a.json', { n: 2 })).rejects.toThrow('cannot be read');
    expect((await open(createRecordCipher(two)).list()).problems[0]?.message).toContain('not the one that is set');
    expect((await open(createRecordCipher(one)).read('a.json'))?.fields).toEqual({ n: 1 });
  });

  it('do not open in the place of another, or when a bit changed', async () => {
    const records = open(createRecordCipher(one));
    await records.write('a.json', { n: 1 });
    renameSync(join(directory, 'a.json'), join(directory, 'b.json'));
    await expect(records.read('b.json')).rejects.toThrow('renamed or changed');
    await records.write('a.json', { n: 1 });
    const envelope = JSON.parse(text('a.json'));
    const data = Buffer.from(envelope.data, 'base64');
    data[0] = (data[0] ?? 0) ^ 1;
    writeFileSync(join(directory, 'a.json'), JSON.stringify({ ...envelope, data: data.toString('base64') }));
    await expect(records.read('a.json')).rejects.toThrow('renamed or changed');
  });

  it.each([
    [{ llmproxy_encrypted: 2 }, 'does not know'],
    [{ llmproxy_encrypted: 1, key_id: one.id }, 'parts are missing'],
    [{ llmproxy_encrypted: 1, key_id: one.id, nonce: '', data: '' }, 'renamed or changed'],
  ])('of another shape are reported: %j', async (envelope, reason) => {
    writeFileSync(join(directory, 'a.json'), JSON.stringify(envelope), { mode: 0o600 });
    const { problems } = await open(createRecordCipher(one)).list();
    expect(problems[0]?.message).toContain(reason);
    expect(existsSync(join(directory, 'a.json'))).toBe(true);
  });
});

describe('migration and rotation', () => {
  it('encrypts plain files in place when there is a key', async () => {
    const plain = open();
    for (const id of ['a.json', 'b.json']) await plain.write(id, { id });
    const records = open(createRecordCipher(one));
    expect((await records.list()).records.map(({ fields }) => fields)).toEqual([{ id: 'a.json' }, { id: 'b.json' }]);
    await vi.waitFor(() => expect(warnings).not.toEqual([]));
    expect(keyIds()).toEqual([one.id, one.id]);
    expect(warnings).toEqual([`2 account files in ${directory} are encrypted now`]);
    expect((await open(createRecordCipher(one)).list()).records.map(({ id }) => id)).toEqual(['a.json', 'b.json']);
  });

  it('goes on where a rotation was stopped', async () => {
    const old = open(createRecordCipher(one));
    for (const id of ['a.json', 'b.json', 'c.json']) await old.write(id, { id });
    const both = createRecordCipher(two, [one]);
    await open(both).write('b.json', { id: 'b.json' });
    expect(keyIds()).toEqual([one.id, two.id, one.id]);
    expect((await open(both).list()).problems).toEqual([]);
    expect(await open(both).reseal()).toEqual({ changed: 2, problems: [] });
    expect(await open(both).reseal()).toEqual({ changed: 0, problems: [] });
    expect(keyIds()).toEqual([two.id, two.id, two.id]);
    expect((await open(createRecordCipher(two)).list()).records).toHaveLength(3);
  });

  it('encrypts a plain file that somebody puts there later, when it is read', async () => {
    const records = open(createRecordCipher(one));
    writeFileSync(join(directory, 'a.json'), '{"n":1}');
    expect((await records.read('a.json'))?.fields).toEqual({ n: 1 });
    await vi.waitFor(() => expect(keyIds()).toEqual([one.id]));
    expect((await records.read('a.json'))?.fields).toEqual({ n: 1 });
  });

  it('goes back to plain text, and reports what it cannot read', async () => {
    await open(createRecordCipher(one)).write('a.json', { id: 'a' });
    await open(createRecordCipher(two)).write('b.json', { id: 'b' });
    const result = await open(createRecordCipher(undefined, [one])).reseal();
    expect(result).toEqual({ changed: 1, problems: [{ id: 'b.json', message: expect.stringContaining(two.id) }] });
    expect(JSON.parse(text('a.json'))).toEqual({ id: 'a' });
  });
});
