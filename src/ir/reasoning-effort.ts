import type { ReasoningEffort } from './request.ts';

/** Every effort, ascending. */
export const reasoningEfforts: readonly ReasoningEffort[] = [
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
];

/** Tokens to think with that an effort stands for where a dialect counts in tokens. */
export const effortBudgets: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 128_000,
};

/** The effort that a wire name means; undefined for names that are not known here (yet). */
export function readEffort(name: string | undefined): ReasoningEffort | undefined {
  return reasoningEfforts.find((effort) => effort === name);
}

/** A wire name of an effort that is none known here; `auto` leaves it to the model. */
export function unknownEffort(name: string | undefined): { readonly unknownEffort?: string } {
  const known = name === undefined || name === '' || name === 'auto' || readEffort(name) !== undefined;
  return known ? {} : { unknownEffort: name };
}

/** The effort that a number of thinking tokens stands for; undefined when the model decides (negative or absent). */
export function effortOfBudget(budgetTokens: number | undefined): ReasoningEffort | undefined {
  if (budgetTokens === undefined || budgetTokens < 0) return undefined;
  // A budget above what `high` stands for asks for more than that, however large it is.
  return reasoningEfforts.slice(0, -2).find((effort) => budgetTokens <= effortBudgets[effort]) ?? 'xhigh';
}

/**
 * The level of a model that is closest to the wanted effort, the lower of two equally close; `none` only when wanted.
 * Undefined: the model has none that is known here.
 */
export function nearestLevel(wanted: ReasoningEffort, levels: readonly string[]): ReasoningEffort | undefined {
  const at = reasoningEfforts.indexOf(wanted);
  const distance = (effort: ReasoningEffort): number => Math.abs(reasoningEfforts.indexOf(effort) - at);
  const known = reasoningEfforts.filter(
    (effort) => levels.includes(effort) && (effort !== 'none' || wanted === 'none'),
  );
  // The sort is stable, so that the lower one stays in front.
  return known.toSorted((a, b) => distance(a) - distance(b))[0];
}
