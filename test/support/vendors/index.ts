/** Every simulated vendor with accounts, one line for each provider. */
import { createAnthropicVendor } from './anthropic.ts';
import { createGithubVendor } from './github.ts';
import { createKiloVendor } from './kilo.ts';
import { createKimiVendor } from './kimi.ts';
import type { AccountVendor } from './vendor.ts';

/** Makes them anew, with nobody logged in. */
export function createAccountVendors(): readonly AccountVendor[] {
  return accountVendors.map((create) => create());
}

/** Each makes one of them. */
export const accountVendors: readonly (() => AccountVendor)[] = [
  createAnthropicVendor,
  createGithubVendor,
  createKiloVendor,
  createKimiVendor,
];
