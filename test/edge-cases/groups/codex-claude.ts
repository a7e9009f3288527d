/** A Claude client of a Responses upstream. */
import type { Group } from '../ledger.ts';
import { answers } from './codex-claude-answer.ts';
import { requests } from './codex-claude-request.ts';
import { calls, thoughts } from './codex-claude-stream.ts';

export const codexClaude: Group = {
  group: 'codex/claude',
  entries: [
    ...requests,
    ...calls,
    ...thoughts,
    ...answers,
    {
      names: ['ConvertClaudeRequestToCodex_IgnoresGrokSignatureForNonGrokTargets'],
      test: 'src/pipeline/signatures/provenance.test.ts > a tag says it without any memory',
    },
  ],
};
