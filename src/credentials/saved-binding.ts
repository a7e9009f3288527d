/** A binding as it is kept over a restart. */
export interface SavedBinding {
  readonly credentialId: string;
  model: string;
  boundAtMs: number;
  usedAtMs: number;
  ttlMs: number;
}

/** The bindings in a stored value; what is none is left out. */
export function readBinding(value: unknown, shiftMs: number): readonly SavedBinding[] {
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return [];
    const fields = new Map<string, unknown>(Object.entries(item));
    const [credentialId, model] = [fields.get('credentialId'), fields.get('model')];
    const [boundAtMs, usedAtMs, ttlMs] = [fields.get('boundAtMs'), fields.get('usedAtMs'), fields.get('ttlMs')];
    if (typeof credentialId !== 'string' || typeof model !== 'string') return [];
    if (!isMoment(boundAtMs) || !isMoment(usedAtMs) || !isMoment(ttlMs)) return [];
    return [{ credentialId, model, boundAtMs: boundAtMs + shiftMs, usedAtMs: usedAtMs + shiftMs, ttlMs }];
  });
}

function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
