/** Every simulated vendor with accounts, one line for each provider. */
import { createAnthropicVendor } from './anthropic.ts';
import { createGithubVendor } from './github.ts';
import { createAntigravityVendor, createGeminiCliVendor, createVertexVendor } from './google.ts';
import { createIflowVendor } from './iflow.ts';
import { createKiloVendor } from './kilo.ts';
import { createKimiVendor } from './kimi.ts';
import { createKiroVendor } from './kiro/index.ts';
import { createOpenAiVendor } from './openai.ts';
import { createQwenVendor } from './qwen.ts';
import type { AccountVendor } from './vendor.ts';
import { createXaiVendor } from './xai.ts';

/** Makes them anew, with nobody logged in. */
export function createAccountVendors(): readonly AccountVendor[] {
  return accountVendors.map((create) => create());
}

/** Each makes one of them. */
export const accountVendors: readonly (() => AccountVendor)[] = [
  createGeminiCliVendor,
  createAntigravityVendor,
  createVertexVendor,
  createAnthropicVendor,
  createOpenAiVendor,
  createXaiVendor,
  createGithubVendor,
  createKiloVendor,
  createKimiVendor,
  createKiroVendor,
  createQwenVendor,
  createIflowVendor,
];
