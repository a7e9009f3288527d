import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountDirectory, expandHome, forgottenAccounts } from './account-directory.ts';

const config = (directory: string) => ({ 'auth-dir': directory, 'auth-encryption': { 'key-file': '' } });
const usual = config('~/.llmproxy/auths');
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmproxy-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('the directory of accounts', () => {
  it.each([
    ['~/.cli-proxy-api', '/home/ada/.cli-proxy-api'],
    ['/var/lib/auths', '/var/lib/auths'],
    ['auths', join(process.cwd(), 'auths')],
    ['/home/adas', '/home/adas'],
  ])('%s is %s', (written, path) => {
    expect(accountDirectory(config(written), { HOME: '/home/ada' })).toBe(path);
  });

  it.each(['~', '~/', '/', '/home', '/home/ada', '/home/ada/.'])('is never %s', (written) => {
    expect(() => accountDirectory(config(written), { HOME: '/home/ada' })).toThrow('holds more than accounts');
  });

  it('needs a home directory only when it is named by it', () => {
    expect(accountDirectory(usual, {})).toBeUndefined();
    expect(accountDirectory(config('/auths'), {})).toBe('/auths');
    expect(expandHome('~/key', { HOME: '', USERPROFILE: '/users/ada' })).toBe('/users/ada/key');
    expect(expandHome('~key', {})).toBe(join(process.cwd(), '~key'));
  });
});

describe('accounts of CLIProxyAPI', () => {
  function put(): void {
    mkdirSync(join(home, '.cli-proxy-api'));
    writeFileSync(join(home, '.cli-proxy-api', 'claude-a.json'), '{}');
  }

  it('are mentioned when nobody uses them', async () => {
    put();
    expect(await forgottenAccounts(usual, { HOME: home })).toMatch(/not used; to use them, set auth-dir: ~\/\.cli-/);
  });

  it('are not, when there are none, or others, or the configuration names a directory', async () => {
    expect(await forgottenAccounts(usual, { HOME: home })).toBeUndefined();
    mkdirSync(join(home, '.cli-proxy-api'));
    expect(await forgottenAccounts(usual, { HOME: home })).toBeUndefined();
    rmSync(join(home, '.cli-proxy-api'), { recursive: true });
    put();
    expect(await forgottenAccounts(config('~/.cli-proxy-api'), { HOME: home })).toBeUndefined();
    expect(await forgottenAccounts(usual, {})).toBeUndefined();
    mkdirSync(join(home, '.llmproxy/auths'), { recursive: true });
    expect(await forgottenAccounts(usual, { HOME: home })).toBeUndefined();
  });
});
