import type { JsonObject } from './json.ts';
import { parseJsonObject } from './read.ts';
import type { CustomTool } from './request.ts';

/**
 * A custom (free text) tool for dialects that know functions only: a function with one string parameter `input`.
 * The grammar cannot bind the model there; it is told of it instead.
 */
export function functionOfCustomTool(tool: CustomTool): {
  readonly description?: string;
  readonly parameters: JsonObject;
} {
  const grammar = tool.format?.['definition'];
  const syntax = tool.format?.['syntax'];
  const kind = typeof syntax === 'string' ? `${syntax} grammar` : 'grammar';
  const rule = typeof grammar === 'string' ? `The input must follow this ${kind}:\n${grammar}` : '';
  const description = [tool.description ?? '', rule].filter((text) => text !== '').join('\n\n');
  return {
    ...(description !== '' && { description }),
    parameters: {
      type: 'object',
      properties: { input: { type: 'string' } },
      required: ['input'],
      additionalProperties: false,
    },
  };
}

/** The arguments of such a function's call for a custom call's text. */
export function wrapCustomInput(text: string): JsonObject {
  return { input: text };
}

/** The text of a custom call that was answered as such a function's: none without arguments; anything else stays. */
export function unwrapCustomInput(callArguments: string): string {
  const wrapped = parseJsonObject(callArguments);
  if (wrapped !== undefined && Object.keys(wrapped).length === 0) return '';
  const input = wrapped?.['input'];
  return typeof input === 'string' ? input : callArguments;
}
