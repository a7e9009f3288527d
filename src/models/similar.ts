import { nearestNames } from '../nearest-name.ts';

const COUNT = 3;
/** Longer names are no typing errors, and comparing them costs time. */
const MAX_LENGTH = 128;

/** Up to three known model names that may have been meant: near in spelling first, then those that contain it. */
export function similarModels(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  if (wanted.length < 3 || wanted.length > MAX_LENGTH) return [];
  const contains = known.filter((candidate) => {
    const other = candidate.toLowerCase();
    return other.includes(wanted) || (other.length >= 3 && wanted.includes(other));
  });
  return [...new Set([...nearestNames(wanted, known, COUNT), ...contains])].slice(0, COUNT);
}
