/** The table of docs/guide/routing.md: what keeping conversations together does to the cache and to the load. */
import type { StrategyName } from '../../src/credentials/strategies/index.ts';
import { conversations, type Turn } from './conversations.ts';
import { exponential, seededRandom } from './random.ts';
import { idealTokens, type Outage, simulate } from './simulate.ts';

const CONVERSATIONS = 10_000;
const ACCOUNTS = 20;
const OUTAGES = 24;
const MINUTE_MS = 60_000;
const DAY_MS = 8 * 60 * MINUTE_MS;

/** One line of the table. */
export interface Row {
  readonly strategy: StrategyName;
  readonly affinity: boolean;
  readonly outages: number;
  /** Cached tokens, of those that a single account that never fails would find. */
  readonly hitRate: number;
  /** The busiest and the idlest account, by the mean. */
  readonly most: number;
  readonly least: number;
  readonly lost: number;
}

/** What the simulation found. */
export interface Table {
  readonly requests: number;
  readonly rows: readonly Row[];
}

const LINES: readonly (readonly [StrategyName, boolean])[] = [
  ['round-robin', false],
  ['round-robin', true],
  ['weighted-round-robin', true],
  ['least-in-flight', true],
];

/** Plays a working day, without and with accounts that run dry. */
export function affinityTable(): Table {
  const turns = conversations(CONVERSATIONS, seededRandom(1));
  const ideal = idealTokens(turns);
  const rows = [[], outages(seededRandom(2))].flatMap((dry) =>
    LINES.map(([strategy, affinity]) => rowOf(turns, ideal, dry, strategy, affinity)),
  );
  return { requests: turns.length, rows };
}

function rowOf(
  turns: readonly Turn[],
  ideal: number,
  dry: readonly Outage[],
  strategy: StrategyName,
  affinity: boolean,
): Row {
  const { cachedTokens, answered, lost } = simulate({ turns, accounts: ACCOUNTS, outages: dry, strategy, affinity });
  const mean = answered.reduce((sum, count) => sum + count, 0) / answered.length;
  return {
    strategy,
    affinity,
    outages: dry.length,
    hitRate: cachedTokens / ideal,
    most: Math.max(...answered) / mean,
    least: Math.min(...answered) / mean,
    lost,
  };
}

/** Somebody's plan is used up for some minutes, now and then for most of an hour. */
function outages(random: () => number): readonly Outage[] {
  return Array.from({ length: OUTAGES }, () => {
    const fromMs = random() * DAY_MS;
    const account = Math.floor(random() * ACCOUNTS);
    return { account, fromMs, untilMs: fromMs + 2 * MINUTE_MS + Math.min(exponential(random, 10), 40) * MINUTE_MS };
  });
}

/** The table as Markdown. */
export function tableText({ requests, rows }: Table): string {
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
  const lines = rows.map((row) => [
    row.strategy,
    row.affinity ? 'yes' : 'no',
    row.outages === 0 ? 'none' : `${row.outages} times`,
    percent(row.hitRate),
    percent(row.most),
    percent(row.least),
  ]);
  const head = [
    'strategy',
    'conversations stay',
    'accounts run dry',
    'cache hits',
    'busiest account',
    'idlest account',
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `${CONVERSATIONS.toLocaleString('en')} conversations, ${requests.toLocaleString('en')} requests, ${ACCOUNTS} accounts, one working day:`,
    '',
    line(head),
    line(head.map(() => '---')),
    ...lines.map(line),
  ].join('\n');
}
