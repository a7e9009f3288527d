import { expect, it } from 'vitest';
import { clientPath } from './client-path.ts';

it.each([
  ['sampling.maxOutputTokens', 'max_tokens'],
  ['output', 'output_config.format'],
  ['output.schema.properties.a', 'output_config.format.schema.properties.a'],
  ['reasoning.effort', 'output_config.effort'],
  ['parallelToolCalls', 'tool_choice.disable_parallel_tool_use'],
  ['tools[12].parameters.properties.a', 'tools[12].input_schema.properties.a'],
  ['tools[0].parameters', 'tools[0].input_schema'],
  ['tools[0].parametersOfOthers', 'tools[0].parametersOfOthers'],
  ['messages[0].tools[0].parameters', 'messages[0].tools[0].parameters'],
  ['messages[3].content[1]', 'messages[3].content[1]'],
])('%s is %s', (path, expected) => expect(clientPath(path)).toBe(expected));
