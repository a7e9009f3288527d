import { ProxyError } from '../errors.ts';
import type { Config } from './schema.ts';

const examples: readonly RegExp[] = [
  /^your[-_]/i,
  /^sk-your/i,
  /^sk-llmproxy-(your|example)/i,
  /^<.*>$/,
  /^(changeme|change-me|secret|password)$/i,
];

/** Keys that stand in documentation and are therefore known to everybody. */
export function isExampleKey(key: string): boolean {
  return examples.some((pattern) => pattern.test(key.trim()));
}

/** Throws `invalid_config` when a client key is one that everybody can read in the documentation. */
export function refuseExampleKeys(config: Config): void {
  const index = config['api-keys'].findIndex(isExampleKey);
  if (index < 0) return;
  throw new ProxyError(
    'invalid_config',
    `api-keys[${index}]: this key is an example from the documentation; replace it with a key of your own`,
    { path: `api-keys[${index}]` },
  );
}
