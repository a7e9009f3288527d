import type { ExplainedCandidate, ExplainedOther, Explanation } from '../index.ts';

/** An explanation for people: who is asked in which order, who is not, what comes after. */
export function formatExplanation(explanation: Explanation): string {
  const { candidates, others } = explanation;
  const rows = [
    ['', 'CREDENTIAL', 'PROVIDER', 'MODEL', 'TIER', 'BUSY', 'WHY'],
    ...candidates.map(candidateRow),
    ...others.map(otherRow),
  ];
  const text = [...headLines(explanation), '', ...aligned(rows), '', ...lastLines(explanation)];
  return text.join('\n');
}

function headLines(explanation: Explanation): string[] {
  const { model, name, strategy, session } = explanation;
  const bound = session?.bindings.map(({ credential, since }) => `${credential} since ${since}`) ?? [];
  return [
    `${model}: ${name === undefined ? 'nobody serves it' : meaningOf(name)}`,
    `strategy: ${strategy}`,
    ...(session === undefined
      ? []
      : [`session ${session.name}: ${bound.length === 0 ? 'not bound' : `bound to ${bound.join(', ')}`}`]),
    nowLine(explanation),
  ];
}

function nowLine({ chosen, fallbacksFirst, waitMs }: Explanation): string {
  if (chosen === undefined) {
    const wait = waitMs > 0 ? `; the first may be asked in ${Math.ceil(waitMs / 1000)} s` : '';
    return `now: ${fallbacksFirst ? 'the fallbacks, as nobody here is ready' : 'nobody'}${wait}`;
  }
  const before = fallbacksFirst ? 'the fallbacks, then ' : '';
  return `now: ${before}${chosen.credential} (${chosen.provider}): ${chosen.reasons[0]?.message ?? ''}`;
}

function meaningOf({ by, base, models }: NonNullable<Explanation['name']>): string {
  const list = models.join(', ');
  switch (by) {
    case 'name':
      return 'the name of a model';
    case 'alias':
      return `an alias of ${list}`;
    case 'auto':
      return `the newest model: ${list}`;
    case 'prefix':
      return `${list}, of credentials with the prefix ${base.slice(0, base.indexOf('/'))}`;
    case 'provider':
      return `${list}, of the provider ${base.slice(0, base.indexOf('/'))}`;
    case 'family':
      return 'in no list, but of a family that these providers make';
  }
}

function candidateRow({
  place,
  credential,
  provider,
  model,
  tier,
  inFlight,
  reasons,
  quotas,
}: ExplainedCandidate): string[] {
  const used = quotas.map(({ name, usedPercent }) => `${name} ${usedPercent}% used`);
  const why = [...reasons.map(({ message }) => message), ...used].join('; ');
  return [place === undefined ? '-' : String(place), credential, provider, model, String(tier), String(inFlight), why];
}

function otherRow({ credential, provider = '', reason }: ExplainedOther): string[] {
  return ['-', credential, provider, '', '', '', reason.message];
}

/** The last column is not padded: it is as long as it is. */
function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
}

function lastLines({ afterwards }: Explanation): string[] {
  const { fallbacks, rounds, maxWaitSeconds, maxCredentials, attemptBudget, deadlineSeconds } = afterwards;
  const then = fallbacks.map(({ model, first }) =>
    first === undefined ? `${model} (nobody now)` : `${model} (${first.credential}, ${first.provider})`,
  );
  const bounds = [
    ...(maxCredentials > 0 ? [`at most ${maxCredentials} credentials of a model`] : []),
    ...(attemptBudget > 0 ? [`at most ${attemptBudget} attempts`] : []),
    ...(deadlineSeconds > 0 ? [`an answer begins within ${deadlineSeconds} s`] : []),
  ];
  return [
    `if all fail: ${then.length === 0 ? 'no fallback' : then.join(', then ')}`,
    `then: ${rounds === 0 ? 'no further round' : `${rounds} further rounds, each after a wait of at most ${maxWaitSeconds} s`}`,
    ...(bounds.length === 0 ? [] : [`limits: ${bounds.join(', ')}`]),
  ];
}
