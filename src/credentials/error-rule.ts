import type { ErrorRule } from './credential.ts';

/** A rule as it is written in the configuration and in account files. */
export interface ErrorRuleEntry {
  readonly status: number;
  readonly match: readonly string[];
  readonly 'match-regexr': readonly string[];
  readonly action?: ErrorRule['action'] | undefined;
}

/** The rules that can ever match; patterns that are none are left out (the configuration has been checked for them). */
export function errorRules(entries: readonly ErrorRuleEntry[]): ErrorRule[] {
  return entries.flatMap((entry) => {
    const { action } = entry;
    if (action === undefined || idleReason(entry) !== undefined) return [];
    const patterns = entry['match-regexr'].flatMap((text) => compilePattern(text) ?? []);
    return [{ status: entry.status, texts: entry.match.filter((text) => text !== ''), patterns, action }];
  });
}

/** Why a rule never matches; undefined when it can. */
export function idleReason({ status, match, action, ...entry }: ErrorRuleEntry): string | undefined {
  if (status <= 0) return 'has no status';
  if (action === undefined) return 'has no action';
  const texts = [...match, ...entry['match-regexr']];
  return texts.some((text) => text !== '') ? undefined : 'has neither match nor match-regexr';
}

/** A pattern; flags may stand before it, as in `(?i)quota`. Undefined: it is no pattern, or an empty one. */
export function compilePattern(text: string): RegExp | undefined {
  const [, flags = '', pattern = text] = /^\(\?([ims]+)\)(.*)$/s.exec(text) ?? [];
  if (pattern === '') return undefined;
  try {
    return new RegExp(pattern, [...new Set(flags)].join(''));
  } catch {
    return undefined;
  }
}
