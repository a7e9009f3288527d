import { describe, expect, it } from 'vitest';
import { loginProviders } from '../index.ts';
import { withOldFlags } from './old-flags.ts';

const providers = loginProviders();

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
    ['-claude-login -oauth-callback-port 0 -no-browser=F', 'login claude'],
    ['-login -project_id p-1', 'login gemini-cli --project p-1'],
    ['-vertex-import key.json -vertex-import-prefix team', 'login vertex --file key.json --prefix team'],
    ['-iflow-login', 'login iflow'],
    ['-iflow-cookie', 'login iflow --method cookie'],
    ['-github-copilot-login', 'login github-copilot'],
    ['--kiro-import', 'login kiro --import'],
    ['--kiro-aws-login --no-browser', 'login kiro --method builder-id --no-browser'],
    [
      '--kiro-idc-login --kiro-idc-start-url https://a.test/start --kiro-idc-region eu-west-1',
      'login kiro --method identity-center --start-url https://a.test/start --region eu-west-1',
    ],
    // What is missing is told by the command.
    ['-vertex-import', 'login vertex --file'],
    ['-claude-login -oauth-callback-port', 'login claude --port'],
  ])('%s is %s', (old, own) => {
    expect(withOldFlags(old.split(' '), providers).join(' ')).toBe(own);
  });

  it.each([
    '',
    'serve --port 1',
    'login claude --no-browser',
    '-unknown-login',
    '-claude-login=false',
    '-claude-login=0',
    '-toString',
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
