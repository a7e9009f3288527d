import { describe, expect, it } from 'vitest';
import { fakeTerminal } from '../../test/support/fake-terminal.ts';
import { type LoginProvider, type LoginWay, loginProviders } from '../index.ts';
import { chooseProvider, chooseWay, type WayFlags } from './choose-login.ts';

const way = (id: string, type: LoginWay['type']): LoginWay => ({
  id,
  type,
  label: `with ${id}`,
  prompt: undefined,
  asks: [],
});
const provider = (id: string, ...ways: LoginWay[]): LoginProvider => ({
  id,
  label: `The ${id}`,
  aliases: [`${id}-account`],
  notices: [],
  ways,
  imports: [],
  oldFlags: {},
});
const one = provider('one', way('browser', 'browser'), way('code', 'device'), way('token', 'secret'));
const two = provider('two', way('code', 'device'));
const known = [one, two];

describe('the provider', () => {
  it.each(['two', 'TWO', 'two-account', 'the two'])('is found as "%s"', async (name) => {
    expect(await chooseProvider(name, known, fakeTerminal())).toBe(two);
  });

  it('is picked from a list', async () => {
    const terminal = fakeTerminal({ answers: ['two'] });
    expect(await chooseProvider(undefined, known, terminal)).toBe(two);
    expect(terminal.asked).toEqual(['Which provider? one: The one, two: The two']);
    expect(await chooseProvider(undefined, known, fakeTerminal({ answers: [undefined] }))).toBeUndefined();
  });

  it('must be named where nobody can be asked, and known', async () => {
    await expect(chooseProvider(undefined, known, fakeTerminal())).rejects.toThrow(
      'name the provider: llmproxy login <provider>, one of one, two',
    );
    await expect(chooseProvider('three', known, fakeTerminal())).rejects.toThrow(
      'nobody can log in to "three"; providers with a login: one, two',
    );
  });
});

describe('the way', () => {
  it.each<[WayFlags, string]>([
    [{}, 'browser'],
    [{ browser: true }, 'browser'],
    [{ browser: false }, 'browser'],
    [{ port: 1234 }, 'browser'],
    [{ device: true }, 'code'],
    [{ file: 'x' }, 'token'],
    [{ method: 'token' }, 'token'],
    [{ method: 'code', browser: false }, 'code'],
  ])('is by %j: %s', async (flags, id) => {
    expect((await chooseWay(one, flags, fakeTerminal()))?.id).toBe(id);
  });

  it('is picked from those that fit', async () => {
    const terminal = fakeTerminal({ answers: ['code'] });
    expect((await chooseWay(one, { browser: false }, terminal))?.id).toBe('code');
    expect(terminal.asked).toEqual(['How? browser: with browser, code: with code']);
    expect(await chooseWay(one, {}, fakeTerminal({ answers: [undefined] }))).toBeUndefined();
  });

  it('needs no browser where there is only a secret', async () => {
    const secret = provider('s', way('x', 'secret'));
    expect((await chooseWay(secret, { browser: false }, fakeTerminal()))?.id).toBe('x');
  });

  it('is told where nobody is asked', async () => {
    const terminal = fakeTerminal();
    await chooseWay(one, {}, terminal);
    expect(terminal.told).toEqual(['Logging in with browser (other ways: --method code, --method token).']);
  });

  it.each<[LoginProvider, WayFlags, string]>([
    [one, { method: 'x' }, 'one has no login method "x"; it has --method browser (with browser), '],
    [two, { file: 'x' }, 'two takes no secret and no file; it has --method code (with code)'],
    [two, { port: 1 }, 'two has no login with the browser, so --port means nothing'],
    [provider('b', way('x', 'browser')), { device: true }, 'b has no login with a device code; it has --method x'],
    [provider('none'), {}, 'none has no login of its own; llmproxy import none takes one over'],
  ])('must be there: %j', async (which, flags, message) => {
    await expect(chooseWay(which, flags, fakeTerminal())).rejects.toThrow(message);
  });
});

it.each([
  ['copilot', 'github-copilot'],
  ['anthropic', 'claude'],
  ['openai', 'codex'],
  ['google', 'gemini-cli'],
  ['Grok', 'xai'],
])('%s is known as %s', async (name, id) => {
  expect(await chooseProvider(name, loginProviders(), fakeTerminal())).toMatchObject({ id });
});
