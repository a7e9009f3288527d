/** docs/reference/edge-cases.md: how many edge cases of each group have a case, and why others have none. */
import type { Entry, Group } from './ledger.ts';

const count = (entries: readonly Entry[]): number => entries.reduce((sum, { names }) => sum + names.length, 0);

function row({ group, entries }: Group): string {
  const here = entries.filter((entry) => 'run' in entry);
  const elsewhere = entries.filter((entry) => 'test' in entry);
  const without = entries.filter((entry) => 'because' in entry);
  return `| ${group} | ${count(here)} | ${count(elsewhere)} | ${count(without)} |`;
}

function reasons(groups: readonly Group[]): string {
  const byReason = new Map<string, number>();
  for (const { entries } of groups) {
    for (const entry of entries) {
      if ('because' in entry) byReason.set(entry.because, (byReason.get(entry.because) ?? 0) + entry.names.length);
    }
  }
  return [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, names]) => `- ${reason} (${names})`)
    .join('\n');
}

/** The whole page. */
export function edgeCasesPage(groups: readonly Group[]): string {
  return `# Edge cases

Written by the tests of \`test/edge-cases\`. The field has met these cases, under these names, in translators and
executors like those here; each has a case of its own in that folder, one in another test, or a reason why it has none.

| group | cases there | in other tests | none |
| --- | --- | --- | --- |
${groups.map(row).join('\n')}

## Why some have none

${reasons(groups)}
`;
}
