/** Counting and cancelling have tests elsewhere; prefixes, prompts and dates that disguise a client have no place. */
import type { Entry } from '../ledger.ts';
import names from '../names.json' with { type: 'json' };
import { reasons } from '../reasons.ts';
import { checkRebuilt } from './claude-mid-system.ts';

const DISGUISES = [
  /ToolPrefix|RemapOAuth|OAuthToolNames|MCPAlias|CurrentDate|SystemInstructions|SystemReminder|MidConversationSystem/,
  /^ApplyClaudeHeaders_(?:DoesNotDowngrade|ThirdPartyBaseline|Legacy|UnsetStabilization)/,
  /^ClaudeCode(?:LocalDate|Timezone|CLIBetas|ContextManagement)|ClaudeCodeContextManagement$/,
  /^RelocateClaudeSystemPrompt|^ResolveClaudeWirePolicy|BetasForCredential/,
];

export const claudeElsewhere: readonly Entry[] = [
  {
    names: ['ClaudeExecutor_ExecuteStreamOAuthStartupCancellationIsRequestScoped'],
    test: 'src/pipeline/faults.test.ts > an abort before the answer began reaches the upstream',
  },
  {
    names: ['ClaudeExecutor_ExecuteStreamOAuthCancellationIsRequestScoped'],
    test: 'src/pipeline/faults.test.ts > an abort by the client reaches the upstream within 100 ms',
  },
  {
    names: ['ClaudeExecutor_ExecuteStreamDirectPassthroughEmitsCompleteSSEEvents'],
    test: 'src/pipeline/passthrough.test.ts > events cut anywhere arrive whole and unchanged',
  },
  {
    names: ['ShouldUseClaudeUpstreamTokenCount'],
    test: 'src/pipeline/count-tokens.test.ts > an upstream whose counting is missing (%i) gets an estimate',
  },
  {
    names: [
      'ClaudeExecutor_CountTokensUpstreamConfirmedVSCodePreservesCustomTool',
      'ClaudeExecutor_CountTokensConfirmedNativePreservesMeasuredOAuthBody',
    ],
    test: 'src/pipeline/count-tokens.test.ts > an upstream of the same dialect counts; only the model is spliced',
  },
  {
    names: ['ClaudeExecutor_CountTokensCountsLocallyWithoutUpstreamRequest'],
    test: 'src/pipeline/count-tokens.test.ts > without a counting endpoint the answer is an estimate and says so',
  },
  {
    names: ['ClaudeExecutor_CountTokensRejectsInvalidRequests'],
    test: 'src/pipeline/count-tokens.test.ts > an unreadable request is a 400 in an estimate too',
  },
  {
    names: [
      'ClaudeExecutor_CountTokensRebuildsMidSystemMessagesBeforeValidation',
      'ClaudeExecutor_RebuildMidSystemMessageOptInMovesSystemMessages',
    ],
    run: () => checkRebuilt(),
  },
  {
    names: names.claude_executor.filter((name) => DISGUISES.some((pattern) => pattern.test(name))),
    because: reasons.imitation,
  },
];
