import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';

/** Bodies of providers and endpoints that are not here. */
export const executorPayload: Group = {
  group: 'executor_payload_optimization',
  entries: [
    { names: ['EnsureColonSpacedJSONLeavesInvalidPayloadUnchanged'], because: reasons.imitation },
    {
      names: [
        'NormalizeKimiToolMessageLinksReusesCanonicalPayload',
        'NormalizeKimiToolMessageLinksPreservesLargeArguments',
      ],
      because: reasons.otherAccounts,
    },
    {
      names: ['CodexMultipartImageEditAppendsExistingImages', 'CodexImageBuildersPreservePayloads'],
      because: reasons.images,
    },
  ],
};
