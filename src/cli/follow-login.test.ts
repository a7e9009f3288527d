import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeTerminal, fakeTerminal } from '../../test/support/fake-terminal.ts';
import { followBrowser, followDevice, type LoginPerson } from './follow-login.ts';

const PROMPT = expect.stringContaining('paste here the address it ended at');
const URL = 'https://login.example.test/?state=1';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

function person(terminal: FakeTerminal, opens = true, usesBrowser = true): LoginPerson & { opened: string[] } {
  const opened: string[] = [];
  const openBrowser = async (url: string): Promise<boolean> => {
    opened.push(url);
    return opens;
  };
  return { terminal, usesBrowser, openBrowser, now: () => Date.now(), opened };
}

function waiting(port = 54545) {
  const end = Promise.withResolvers<string>();
  const pasted: string[] = [];
  const paste = (text: string): void => {
    if (text === 'nonsense') throw new Error('that is no address');
    pasted.push(text);
    end.resolve(text);
  };
  return { url: URL, callbackPort: 54545, port, portProblem: undefined, paste, done: end.promise, end, pasted };
}

describe('a login with the browser', () => {
  it('asks for the address when nothing has come back for 15 seconds', async () => {
    const terminal = fakeTerminal({ answers: [] });
    const wait = waiting();
    const who = person(terminal);
    const ended = followBrowser(wait, who);
    await vi.advanceTimersByTimeAsync(14_999);
    expect(who.opened).toEqual([URL]);
    expect(terminal.told).toEqual(['Your browser shows the login now. If it does not, open:', `\n  ${URL}\n`]);
    await vi.advanceTimersByTimeAsync(1);
    expect(terminal.told.at(-1)).toEqual(PROMPT);
    terminal.type('  ');
    terminal.type('nonsense');
    expect(terminal.warned).toEqual(['Not taken: that is no address']);
    terminal.type('http://localhost:54545/?code=1');
    expect(await ended).toBe('http://localhost:54545/?code=1');
    terminal.type('later');
    expect(wait.pasted).toEqual(['http://localhost:54545/?code=1']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over when the browser comes back, and asks nothing more', async () => {
    const terminal = fakeTerminal({ answers: [] });
    const wait = waiting();
    const ended = followBrowser(wait, person(terminal));
    await vi.advanceTimersByTimeAsync(3000);
    wait.end.resolve('back');
    expect(await ended).toBe('back');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(terminal.told).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['--no-browser', true, false],
    ['no display', false, true],
  ])('tells how to get there at once with %s', async (_, opens, usesBrowser) => {
    const terminal = fakeTerminal();
    const wait = { ...waiting(4000) };
    const who = person(terminal, opens, usesBrowser);
    const ended = followBrowser(wait, who);
    await vi.advanceTimersByTimeAsync(0);
    expect(terminal.told).toEqual([
      'Open in a browser:',
      `\n  ${URL}\n`,
      'If that browser runs on another machine, connect the two first, there:',
      '\n  ssh -L 54545:localhost:4000 <this machine>\n',
      PROMPT,
    ]);
    expect(who.opened).toHaveLength(usesBrowser ? 1 : 0);
    wait.end.resolve('');
    await ended;
  });

  it('does without a port that is taken', async () => {
    const terminal = fakeTerminal();
    const wait = waiting();
    const noPort = { port: undefined, portProblem: 'port 54545 is taken' };
    const ended = followBrowser({ ...wait, ...noPort }, person(terminal));
    await vi.advanceTimersByTimeAsync(0);
    expect(terminal.warned).toEqual(['warning: port 54545 is taken']);
    expect(terminal.told.at(-1)).toEqual(PROMPT);
    expect(terminal.told.join()).not.toContain('ssh');
    wait.end.reject(new Error('too late'));
    await expect(ended).rejects.toThrow('too late');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a login with a code', () => {
  const device = (completeUrl?: string) => {
    const end = Promise.withResolvers<string>();
    const expiresAtMs = Date.now() + 600_000;
    return { url: URL, userCode: 'AB-12', completeUrl, expiresAtMs, done: end.promise, end };
  };

  it('shows page and code, and says now and then that it waits', async () => {
    const terminal = fakeTerminal();
    const wait = device();
    const ended = followDevice(wait, person(terminal, false));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(terminal.told).toEqual([
      'Open on any device:',
      `\n  ${URL}\n`,
      'Enter there the code:  AB-12\n',
      'Waiting until it is approved, 10:00 min left.',
      'Waiting until it is approved, 9:30 min left.',
      'Waiting until it is approved, 9:00 min left.',
    ]);
    wait.end.resolve('done');
    expect(await ended).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps the time in one line at a keyboard, and opens the page with the code in it', async () => {
    const terminal = fakeTerminal({ answers: [] });
    const shown: string[] = [];
    const wait = device(`${URL}&code=AB-12`);
    const who = person({ ...terminal, status: (line) => shown.push(line) });
    const ended = followDevice(wait, who);
    await vi.advanceTimersByTimeAsync(2000);
    expect(who.opened).toEqual([`${URL}&code=AB-12`]);
    expect(terminal.told).toEqual([
      'Your browser shows the login now. If it does not, open on any device:',
      `\n  ${URL}&code=AB-12\n`,
      'The code there must be:  AB-12\n',
      'Ctrl-C gives up.',
    ]);
    expect(shown).toEqual([
      'Waiting until it is approved, 9:59 min left.',
      'Waiting until it is approved, 9:58 min left.',
    ]);
    wait.end.resolve('');
    await ended;
  });
});
