import type { DeskAccount, QuotaReading } from '../index.ts';

/** What is told of an account beside its record. */
export interface AccountExtras {
  readonly quota?: readonly QuotaReading[] | undefined;
  /** Why its quota is not known. */
  readonly quotaError?: string | undefined;
}

const HEAD = ['PROVIDER', 'ACCOUNT', 'PLAN', 'STATE', 'EXPIRES', 'QUOTA', 'FILE'];

/** The table of `llmproxy accounts list`, as lines. */
export function accountTable(accounts: readonly (DeskAccount & AccountExtras)[], nowMs: number): readonly string[] {
  const rows = accounts.map((account) => [
    account.provider ?? account.type ?? '?',
    account.label,
    account.plan ?? '-',
    account.state,
    account.expiresAt === undefined ? '-' : awayFrom(Date.parse(account.expiresAt), nowMs),
    quotaCell(account),
    account.id,
  ]);
  return textTable([HEAD, ...rows]);
}

function quotaCell({ quota, quotaError }: AccountExtras): string {
  if (quotaError !== undefined) return 'not told';
  return quota === undefined || quota.length === 0 ? '-' : quota.map(quotaShort).join(', ');
}

/** Pads the cells of each column to its longest one. */
export function textTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function quotaShort(reading: QuotaReading): string {
  return `${reading.name} ${amountLeft(reading)}`;
}

function amountLeft({ unlimited, remaining, used, limit, unit }: QuotaReading): string {
  if (unlimited === true) return 'unlimited';
  const words = unit === undefined ? '' : ` ${unit}`;
  if (limit !== undefined && used !== undefined) return `${rounded(limit - used)} of ${rounded(limit)}${words} left`;
  if (remaining !== undefined) return `${Math.round(remaining * 100)} % left`;
  if (used !== undefined) return `${rounded(used)}${words} used`;
  return 'unknown';
}

function rounded(amount: number): string {
  return String(Math.round(Math.max(0, amount) * 100) / 100);
}

/** One line for each allowance, with the time at which it is full again. */
export function quotaLines(readings: readonly QuotaReading[], nowMs: number): readonly string[] {
  return readings.map((reading) => {
    const { resetsAtMs } = reading;
    const reset = resetsAtMs === undefined ? '' : `, full again ${awayFrom(resetsAtMs, nowMs)}`;
    return `${reading.name}: ${amountLeft(reading)}${reset}`;
  });
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `in 3 h`, `2 days ago`. */
export function awayFrom(atMs: number, nowMs: number): string {
  const distance = Math.abs(atMs - nowMs);
  const words = spanWords(distance);
  return atMs >= nowMs ? `in ${words}` : `${words} ago`;
}

function spanWords(ms: number): string {
  if (ms < 2 * MINUTE_MS) return '1 min';
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} days`;
}

/** Everything that is known of an account without asking anybody, as `name: value` lines. */
export function accountLines(account: DeskAccount, nowMs: number): readonly string[] {
  const moment = (iso: string | undefined): string | undefined =>
    iso === undefined ? undefined : `${iso} (${awayFrom(Date.parse(iso), nowMs)})`;
  const members: readonly (readonly [string, string | undefined])[] = [
    ['account', account.label],
    ['provider', account.provider ?? `none (type ${account.type ?? 'missing'})`],
    ['file', account.file],
    ['state', account.message === undefined ? account.state : `${account.state}: ${account.message}`],
    ['plan', account.plan],
    ['note', account.note],
    ['proxy', account.proxyUrl],
    ['token ends', moment(account.expiresAt)],
    ['renewed', moment(account.refreshedAt)],
    ['renewable', account.isRenewable ? 'yes' : 'no'],
    ...account.warnings.map((warning) => ['warning', warning] as const),
  ];
  return members.flatMap(([name, value]) => (value === undefined ? [] : `${`${name}:`.padEnd(12)}${value}`));
}
