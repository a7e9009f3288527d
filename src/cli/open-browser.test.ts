import { describe, expect, it } from 'vitest';
import { browserCommand, openBrowser } from './open-browser.ts';

const URL = 'https://example.com/a?b=1&c=$(touch /tmp/x);%20';

describe('what opens a page', () => {
  it.each([
    ['linux', { DISPLAY: ':0' }, ['xdg-open', URL]],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', URL]],
    ['linux', {}, undefined],
    ['linux', { BROWSER: '/usr/bin/firefox' }, ['/usr/bin/firefox', URL]],
    ['linux', { BROWSER: 'firefox:chromium', DISPLAY: ':0' }, ['xdg-open', URL]],
    ['darwin', {}, ['open', URL]],
    ['win32', {}, ['rundll32.exe', 'url.dll,FileProtocolHandler', URL]],
    ['win32', { BROWSER: 'C:\\browser.exe' }, ['C:\\browser.exe', URL]],
  ] as const)('%s %j', (platform, env, command) => {
    expect(browserCommand(URL, platform, env)).toEqual(command);
  });

  it('is told when it cannot', async () => {
    expect(await openBrowser(URL, 'linux', {})).toBe(false);
    expect(await openBrowser(URL, 'linux', { BROWSER: '/nowhere/browser' })).toBe(false);
    expect(await openBrowser(URL, 'linux', { BROWSER: 'false' })).toBe(false);
    expect(await openBrowser('file:///etc/passwd', 'linux', { BROWSER: 'true' })).toBe(false);
    expect(await openBrowser(URL, 'linux', { BROWSER: 'true' })).toBe(true);
  });
});
