/** The table of docs/guide/login-in-the-browser.md is what the program offers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { webProviders } from '../../src/service/web/web-providers.ts';
import { root } from './markdown.ts';

const PAGE = join(root, 'docs/guide/login-in-the-browser.md');
const TABLE = /(?<=<!-- names -->\n).*?(?=<!-- \/names -->)/s;

const list = (items: Iterable<string>): string => [...items].map((item) => `\`${item}\``).join(', ');

function table(): string {
  const rows = webProviders(providers).flatMap(({ label, name, callbackName, methods, namedMethods = {} }) => {
    if (methods.length === 0) return [];
    const brought = methods.filter(({ type }) => type === 'secret' || type === 'file');
    const begun = methods.filter((method) => !brought.includes(method)).map(({ id }) => id);
    const own = begun.filter((id) => !Object.values(namedMethods).includes(id));
    const returns = methods.some(({ type }) => type === 'browser');
    const asked = new Set(methods.flatMap(({ asks }) => asks.map((ask) => ask.name.replaceAll('-', '_'))));
    const columns = [
      label,
      `\`${name}\``,
      returns ? `\`${callbackName}\`` : '',
      list([...Object.keys(namedMethods), ...own]),
      list(brought.map(({ id }) => id)),
      list(asked),
    ];
    return [`| ${columns.join(' | ')} |`];
  });
  const head = ['| provider | name | callback | methods | brought | parameters |', '|---|---|---|---|---|---|'];
  return [...head, ...rows, ''].join('\n');
}

it('lists every provider and its ways to log in', () => {
  const page = readFileSync(PAGE, 'utf8');
  const written = page.replace(TABLE, () => table());
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, written);
  const hint = 'run UPDATE_DOCS=1 npx vitest run --project unit test/docs/login-names.test.ts';
  expect(readFileSync(PAGE, 'utf8'), hint).toBe(written);
  expect(page.match(TABLE)?.[0]).toMatch(/\| `anthropic` \|/);
});
