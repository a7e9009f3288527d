import { type Fault, faults } from './faults.ts';

/** docs/reliability.md. */
export function reliabilityPage(): string {
  const rows = Object.values<Fault>(faults).map(
    ({ fault, provoked, holds, round, counts, test }) =>
      `| ${fault} | ${provoked} | ${holds} | ${counts.rounds} (${round}) | ${counts.lost} | [${test}](../test/reliability/${test}) |`,
  );
  return `# Faults that are survived

Written from \`test/reliability/faults.ts\`, whose numbers the tests reach. Each test starts the gateway, or the part that
is at stake, as a process with real files and real sockets. \`npm test -- --project unit test/reliability\` runs them.

| fault | how it is provoked | what must hold | rounds | lost | test |
|---|---|---|---|---|---|
${rows.join('\n')}

Lost counts whatever did not hold: a token, a request, an answer that is another one than it must be.
`;
}
