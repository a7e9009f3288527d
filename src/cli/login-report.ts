import type { AccountDesk, DeskModels, QuotaReading } from '../index.ts';
import { quotaLines } from './account-text.ts';
import type { Terminal } from './terminal.ts';

/** An account that was just saved. */
export interface ReportedAccount {
  readonly recordId: string;
  readonly label: string;
  readonly notes: readonly string[];
}

const FEW_MODELS = 6;

/** Says what was saved and where, which models appeared and what is left of the plan; what cannot be told is no failure. */
export async function reportSaved(
  account: ReportedAccount,
  desk: AccountDesk,
  { out }: Pick<Terminal, 'out'>,
  nowMs: number,
): Promise<void> {
  const { file } = await desk.find(account.recordId);
  out(`Logged in: ${account.label}`);
  out(`  saved in  ${file}`);
  for (const note of account.notes) out(`  note      ${note}`);
  const [models, quota] = await Promise.all([
    desk.models(account.recordId).then(modelsLine, (error: unknown) => `not told (${messageOf(error)})`),
    desk.quota(account.recordId).then(
      (readings) => quotaText(readings, nowMs),
      (error: unknown) => `not told (${messageOf(error)})`,
    ),
  ]);
  out(`  models    ${models}`);
  if (quota !== undefined) out(`  quota     ${quota}`);
}

/** What becomes of it without anything else being done. */
export function afterwards(): string {
  return 'A running llmproxy takes it up by itself within seconds; otherwise start one: llmproxy serve';
}

function modelsLine({ ids, isLive }: DeskModels): string {
  const more = ids.length > FEW_MODELS ? ` and ${ids.length - FEW_MODELS} more` : '';
  if (ids.length === 0) return 'none known; ask for one by its name';
  return `${ids.slice(0, FEW_MODELS).join(', ')}${more}${isLive ? '' : ' (from the catalogue)'}`;
}

function quotaText(readings: readonly QuotaReading[] | undefined, nowMs: number): string | undefined {
  return readings === undefined ? undefined : quotaLines(readings, nowMs).join('\n            ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
