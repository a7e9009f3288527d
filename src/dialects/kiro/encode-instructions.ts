/** What the service has no members for and is told in words instead. */
import type { GenerationRequest, OutputFormat, ReasoningConfig, Tool, ToolChoice, Warn } from '../../ir/index.ts';
import { describedSchema } from '../../ir/output-format.ts';
import { effortBudgets } from '../../ir/reasoning-effort.ts';
import type { EncodeTarget } from '../codec.ts';

const MIN_THINKING = 1024;
const MAX_THINKING = 32_000;
/** Where nobody says how much. */
const DEFAULT_THINKING = 16_000;

const IN_WORDS = 'Kiro has no member for it; the model is told in words';

/** Lines for the instructions of a request; `tools`: those that are offered, in wire names. */
export function settingsInWords(
  request: GenerationRequest,
  tools: readonly Tool[],
  target: EncodeTarget,
  warn: Warn,
): readonly string[] {
  return [
    ...thinkingTags(request.reasoning, target),
    ...choiceLines(request.toolChoice, tools, warn),
    ...outputLines(request.output, warn),
    ...(request.parallelToolCalls === false && tools.length > 0 ? oneCall(warn) : []),
  ];
}

/** The pair of tags that switches thinking on: there is no other way. */
function thinkingTags(reasoning: ReasoningConfig | undefined, target: EncodeTarget): string[] {
  const length = thinkingLength(reasoning, target);
  if (length === undefined) return [];
  return [`<thinking_mode>enabled</thinking_mode>\n<max_thinking_length>${length}</max_thinking_length>`];
}

function thinkingLength(reasoning: ReasoningConfig | undefined, target: EncodeTarget): number | undefined {
  if (reasoning === undefined) return undefined;
  const { effort, budgetTokens, adaptive } = reasoning;
  const wanted = budgetTokens ?? (effort === undefined ? undefined : effortBudgets[effort]);
  if (wanted === 0) return undefined;
  // How it is shown alone asks for none.
  if (wanted === undefined) return adaptive === true ? DEFAULT_THINKING : undefined;
  if (wanted < 0) return DEFAULT_THINKING;
  const { minBudget = MIN_THINKING, maxBudget = MAX_THINKING } = target.reasoning ?? {};
  return Math.min(maxBudget, Math.max(minBudget, wanted));
}

function choiceLines(choice: ToolChoice | undefined, tools: readonly Tool[], warn: Warn): string[] {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return [];
    case 'opaque':
      warn('toolChoice', `only ${choice.dialect} knows this choice`);
      return [];
    case 'built-in':
      warn('toolChoice', 'Kiro runs no tools of its own');
      return [];
    case 'none':
      if (tools.length === 0) return [];
      warn('toolChoice', IN_WORDS);
      return ['Do not call any tool in this answer.'];
    case 'required':
    case 'tool':
      if (tools.length === 0) {
        warn('toolChoice', 'there is no function to call');
        return [];
      }
      warn('toolChoice', IN_WORDS);
      return [choice.type === 'tool' ? `Call the tool "${choice.name}" now.` : 'Call at least one of the tools now.'];
  }
}

function outputLines(output: OutputFormat | undefined, warn: Warn): string[] {
  switch (output?.type) {
    case undefined:
    case 'text':
      return [];
    case 'json-object':
      warn('output', IN_WORDS);
      return ['Answer with one JSON object and nothing else: no other text, no code fence.'];
    case 'json-schema':
      warn('output', IN_WORDS);
      return [
        `Answer with one JSON value and nothing else: no other text, no code fence. It must match this JSON Schema:\n${JSON.stringify(describedSchema(output))}`,
      ];
  }
}

function oneCall(warn: Warn): string[] {
  warn('parallelToolCalls', IN_WORDS);
  return ['Call at most one tool at a time.'];
}
