import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from './load.ts';
import { editConfig, saveConfig } from './save.ts';

const awkward = `# The proxy of our team.
host: 127.0.0.1 # only this machine

# Do not touch the port!
port:   8317
api-keys: ["one", 'two']   # flow

shared: &models
  - { name: a, alias: b } # kept

claude-api-key:
  # The first key.
  - api-key: sk-fake-1
    models: *models
  # The second key.
  - api-key: "sk-fake-2"
    models: *models

routing: { strategy: round-robin }
empty: ~ # nothing yet
# The end.
`;

describe('editConfig', () => {
  it('changes one value and leaves every other line alone', () => {
    const edited = editConfig(awkward, [{ path: ['port'], value: 9000 }]);
    // Blank lines and the space within a line are the library's.
    const lines = (text: string): string[] =>
      text
        .split('\n')
        .map((line) => line.replaceAll(/\s+|(?<=\[) | (?=\])/g, ''))
        .filter(Boolean);
    const before = lines(awkward);
    const after = lines(edited);
    expect(after).toHaveLength(before.length);
    expect(after.filter((line, index) => line !== before[index])).toEqual(['port:9000']);
    for (const comment of awkward.matchAll(/#.*$/gm)) expect(edited).toContain(comment[0]);
  });

  it('adds, changes and removes entries of lists with their neighbours comments in place', () => {
    const edited = editConfig(awkward, [
      { path: ['claude-api-key', 0], value: undefined },
      { path: ['claude-api-key', 1], value: { 'api-key': 'sk-fake-3' } },
      { path: ['routing', 'strategy'], value: 'fill-first' },
      { path: ['request-retry'], value: 2 },
    ]);
    expect(edited).not.toContain('sk-fake-1');
    expect(edited).toContain('sk-fake-2');
    expect(edited).toContain('- api-key: sk-fake-3');
    expect(edited).toContain('routing: { strategy: fill-first }');
    expect(edited).toMatch(/request-retry: 2\n/);
    expect(edited).toContain('# Do not touch the port!');
    expect(edited).toContain('&models');
  });

  it('an edit below a shared value does not change who shares it', () => {
    const edited = editConfig(awkward, [{ path: ['claude-api-key', 0, 'models', 0, 'name'], value: 'changed' }]);
    expect(edited.match(/name: changed/g)).toHaveLength(1);
    expect(edited).toContain('name: a');
    expect(edited.match(/\*models/g)).toHaveLength(1);
  });

  it('makes the sections on the way, also in place of an empty one', () => {
    const edited = editConfig('empty:\n', [
      { path: ['empty', 'inner', 'key'], value: 1 },
      { path: ['list', 0], value: 'x' },
    ]);
    expect(edited).toBe('empty:\n  inner:\n    key: 1\nlist:\n  - x\n');
    expect(editConfig('', [{ path: ['port'], value: 1 }])).toBe('port: 1\n');
    expect(editConfig('# only a comment\n', [{ path: ['port'], value: 1 }])).toContain('# only a comment');
  });

  it('removes what is not there without a word, and goes through no value', () => {
    expect(editConfig('port: 1\n', [{ path: ['host', 'name'], value: undefined }])).toBe('port: 1\n');
    expect(() => editConfig('port: 1\n', [{ path: ['port', 'name'], value: 1 }])).toThrow(
      'port: has a value and no keys',
    );
    expect(() => editConfig('port: [\n', [{ path: ['port'], value: 1 }])).toThrow('not valid YAML');
  });

  it('keeps the line ends of Windows', () => {
    expect(editConfig('host: a\r\nport: 1 # p\r\n', [{ path: ['port'], value: 2 }])).toBe('host: a\r\nport: 2 # p\r\n');
  });

  it('breaks no long line', () => {
    const long = `note: ${'word '.repeat(60).trim()}\nport: 1\n`;
    expect(editConfig(long, [{ path: ['port'], value: 2 }])).toBe(long.replace('port: 1', 'port: 2'));
  });
});

describe('saveConfig', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'llmproxy-save-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const edit = [{ path: ['port'], value: 2 }];

  it('puts another file in place, with the mode of the old one, and leaves nothing behind', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'port: 1\n');
    chmodSync(file, 0o640);
    const { ino } = statSync(file);
    const saved = await saveConfig(file, edit);
    expect(readFileSync(file, 'utf8')).toBe('port: 2\n');
    expect(saved).toEqual({ text: 'port: 2\n', revision: contentHash('port: 2\n') });
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(statSync(file).ino).not.toBe(ino);
    expect(readdirSync(folder)).toEqual(['config.yaml']);
  });

  it('creates a file for its owner only', async () => {
    const file = join(folder, 'config.yaml');
    await saveConfig(file, edit);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes nothing when nothing changes', async () => {
    const file = join(folder, 'config.yaml');
    writeFileSync(file, 'port: 2\n');
    const { ino, mtimeMs } = statSync(file);
    await saveConfig(file, edit);
    expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  });

  it('keeps a link a link', async () => {
    const file = join(folder, 'real.yaml');
    writeFileSync(file, 'port: 1\n');
    symlinkSync('real.yaml', join(folder, 'config.yaml'));
    await saveConfig(join(folder, 'config.yaml'), edit);
    expect(lstatSync(join(folder, 'config.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('port: 2\n');
  });

  it('says where it could not write', async () => {
    await expect(saveConfig(join(folder, 'nowhere', 'config.yaml'), edit)).rejects.toThrow(
      /config\.yaml cannot be written: ENOENT/,
    );
  });
});
