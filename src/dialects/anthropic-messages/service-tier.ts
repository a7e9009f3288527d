import type { Usage } from './wire-types.ts';

/** The hub's words for service tiers are OpenAI's. */
export function decodeServiceTier(wire: unknown): { readonly serviceTier?: string } {
  if (typeof wire !== 'string') return {};
  return { serviceTier: wire === 'standard' ? 'default' : wire };
}

/** `service_tier` of a usage object, where Claude has the word; other dialects' tiers are none of its clients' business. */
export function encodeServiceTier(serviceTier: string | undefined): Partial<Pick<Usage, 'service_tier'>> {
  if (serviceTier === 'default') return { service_tier: 'standard' };
  return serviceTier === 'priority' || serviceTier === 'batch' ? { service_tier: serviceTier } : {};
}
