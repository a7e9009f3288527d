import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { effortBudgets, effortOfBudget, reasoningEfforts } from '../../src/ir/reasoning-effort.ts';
import type { ModelInfo } from '../../src/models/model-info.ts';
import { supportOf } from '../../src/models/reasoning.ts';
import { parseModelSuffix } from '../../src/models/suffix.ts';
import { providers } from '../../src/providers/index.ts';
import { root } from './markdown.ts';

const FILE = join(root, 'docs/guide/reasoning.md');
const page = (): string => readFileSync(FILE, 'utf8');

it('shows the table of levels and budgets as it is', () => {
  const rows = [...page().matchAll(/^\| `(\w+)` \| (\d+) \| (.*) \|$/gm)].map(([, level = '', budget, range = '']) => {
    const [from, to] = range.match(/\d+/g) ?? [];
    return { level, budget: Number(budget), from, to: range.includes('to') ? to : from };
  });
  expect(rows.map(({ level, budget }) => [level, budget])).toEqual(Object.entries(effortBudgets));
  for (const { level, from, to } of rows.slice(0, -1)) {
    expect([effortOfBudget(Number(from)), effortOfBudget(Number(to))]).toEqual([level, level]);
  }
  expect(rows.map(({ level }) => level)).toEqual(reasoningEfforts);
});

it('shows model names that are understood', () => {
  const names = [...page().matchAll(/`(gemini-2\.5-pro\([^)`]*\))`/g)].map(([, name = '']) => name);
  expect(names).toHaveLength(6);
  for (const name of names) {
    const { base, reasoning } = parseModelSuffix(name);
    expect(base).toBe('gemini-2.5-pro');
    expect(reasoning).toBeDefined();
  }
});

function settings(info: ModelInfo): string {
  const support = supportOf(info);
  if (support === undefined) return '';
  if (support === 'none') return 'none';
  const { levels = [], minBudget = 0, maxBudget, zeroAllowed, dynamicAllowed } = support;
  const named = levels.filter((level) => level !== 'none').map((level) => `\`${level}\``);
  const range = maxBudget === undefined ? [] : [`${minBudget} to ${maxBudget} tokens`];
  const off = zeroAllowed === true || levels.includes('none') ? ['off'] : [];
  return [...named, ...range, ...off, ...(dynamicAllowed === true ? ['the model decides'] : [])].join(', ');
}

function table(): string {
  const rows = providers
    .filter((provider) => provider.createExecutor === undefined)
    .flatMap((provider) => {
      const byText = Map.groupBy(provider.models, settings);
      return [...byText].flatMap(([text, models]) =>
        text === '' ? [] : [`| ${provider.label} | ${models.map(({ id }) => `\`${id}\``).join(', ')} | ${text} |`],
      );
    });
  return ['| provider | models | takes |', '|---|---|---|', ...rows].join('\n');
}

it('lists the models as the catalogues do', () => {
  const written = page().replace(
    /(<!-- models -->\n).*(<!-- \/models -->)/s,
    (_, start: string, end: string) => `${start}\n${table()}\n\n${end}`,
  );
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, written);
  expect(page(), 'run UPDATE_DOCS=1 npx vitest run --project unit test/docs/reasoning-page.test.ts').toBe(written);
});
