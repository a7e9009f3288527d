import { expect, test } from 'vitest';
import { decodeServiceTier, encodeServiceTier } from './service-tier.ts';

test.each([
  ['standard', 'default'],
  ['priority', 'priority'],
  ['batch', 'batch'],
])('%s of a usage object is %s in the hub, and back', (wire, serviceTier) => {
  expect(decodeServiceTier(wire)).toEqual({ serviceTier });
  expect(encodeServiceTier(serviceTier)).toEqual({ service_tier: wire });
});

test("no tier, and other vendors' tiers", () => {
  expect(decodeServiceTier(null)).toEqual({});
  expect(decodeServiceTier(undefined)).toEqual({});
  expect(encodeServiceTier(undefined)).toEqual({});
  expect(encodeServiceTier('flex')).toEqual({});
});
