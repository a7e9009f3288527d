import { describe, expect, it } from 'vitest';
import { withOldFlags } from './old-flags.ts';

const providers = ['claude', 'codex', 'antigravity', 'kimi', 'xai', 'vertex', 'gemini-cli'];

describe("CLIProxyAPI's flags", () => {
  it.each([
    ['-claude-login', 'login claude'],
    ['--claude-login', 'login claude'],
    ['-codex-login', 'login codex'],
    ['-codex-device-login', 'login codex --device'],
    ['-antigravity-login -no-browser', 'login antigravity --no-browser'],
    ['-no-browser --kimi-login', 'login kimi --no-browser'],
    ['-xai-login -no-browser=false', 'login xai'],
    ['-gemini-cli-login', 'login gemini-cli'],
    ['-claude-login -oauth-callback-port 1234', 'login claude --port 1234'],
    ['-oauth-callback-port=1234 -claude-login=true', 'login claude --port 1234'],
    ['-vertex-import key.json', 'login vertex --file key.json'],
    ['--vertex-import=key.json -config my.yaml', 'login vertex --file key.json --config my.yaml'],
    ['-claude-login --label mine', 'login claude --label mine'],
  ])('%s is %s', (old, own) => {
    expect(withOldFlags(old.split(' '), providers).join(' ')).toBe(own);
  });

  it.each([
    '',
    'serve --port 1',
    'login claude --no-browser',
    '-unknown-login',
    '-claude-login=false',
    '-h',
    '--port 1',
  ])('leaves "%s" as it is', (args) => {
    expect(withOldFlags(args.split(' '), providers).join(' ')).toBe(args);
  });

  it('takes -config for a server', () => {
    expect(withOldFlags(['-config', 'a.yaml'], providers)).toEqual(['--config', 'a.yaml']);
    expect(withOldFlags(['-config=a.yaml'], providers)).toEqual(['--config=a.yaml']);
  });
});
