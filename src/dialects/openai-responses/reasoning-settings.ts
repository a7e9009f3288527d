import { isJsonObject } from '../../ir/index.ts';
import { effortOfBudget } from '../../ir/reasoning-effort.ts';
import type { ReasoningSettings } from '../codec.ts';
import { decodeReasoning } from './decode-request.ts';

/** `reasoning.effort` of a body; how reasoning is summed up stays as it is. */
export const reasoningSettings: ReasoningSettings = {
  family: 'gpt',
  members: ['reasoning'],
  read: (members) => decodeReasoning(members).config,
  write(body, reasoning) {
    const { effort: _, ...rest } = isJsonObject(body['reasoning']) ? body['reasoning'] : {};
    const effort = reasoning?.effort ?? effortOfBudget(reasoning?.budgetTokens);
    const written = { ...rest, ...(effort !== undefined && { effort }) };
    // A model that does not reason has no summary of it either.
    return { reasoning: reasoning === undefined || Object.keys(written).length === 0 ? undefined : written };
  },
};
