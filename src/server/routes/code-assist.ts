/** What Gemini CLI asks Code Assist beside models, answered by the gateway itself. */
import type { JsonObject } from '../../ir/index.ts';
import type { ModelListing } from './models.ts';

/** The gateway is the tier and the project of everybody whom it serves. */
const NAME = 'llmproxy';
const TIER = { id: 'standard-tier', name: NAME, description: 'Models that this gateway serves', isDefault: true };

/** The answer to a method; undefined: there is no such method. What clients tell of their use is dropped here. */
export function codeAssistAnswer(method: string, models: () => readonly ModelListing[]): JsonObject | undefined {
  switch (method) {
    case 'loadCodeAssist':
      return { currentTier: TIER, allowedTiers: [TIER], cloudaicompanionProject: NAME };
    case 'onboardUser':
    case 'operation':
      return {
        name: `operations/${NAME}`,
        done: true,
        response: { cloudaicompanionProject: { id: NAME, name: NAME } },
      };
    case 'retrieveUserQuota':
      return { buckets: [] };
    case 'fetchAvailableModels':
      return { models: Object.fromEntries(models().map(({ id }) => [id, { displayName: id }])) };
    case 'listExperiments':
      return { experimentIds: [], flags: [] };
    case 'getCodeAssistGlobalUserSetting':
    case 'setCodeAssistGlobalUserSetting':
      return { freeTierDataCollectionOptin: false };
    case 'fetchAdminControls':
      return { adminControlsApplicable: false };
    case 'recordCodeAssistMetrics':
    case 'recordClientEvent':
      return {};
    default:
      return undefined;
  }
}
