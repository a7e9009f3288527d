import { expect, it } from 'vitest';
import { clientPath } from './client-path.ts';

it.each([
  ['sampling.maxOutputTokens', 'generationConfig.maxOutputTokens'],
  ['sampling.stop', 'generationConfig.stopSequences'],
  ['sampling.logprobs', 'generationConfig.responseLogprobs'],
  ['sampling.topLogprobs', 'generationConfig.logprobs'],
  ['output.schema.properties.a', 'generationConfig.responseJsonSchema.properties.a'],
  ['reasoning.effort', 'generationConfig.thinkingConfig.thinkingLevel'],
  ['toolChoice', 'toolConfig.functionCallingConfig'],
  ['contents[12].content[3]', 'contents[12].parts[3]'],
  ['contents[1].content[2].content[0]', 'contents[1].parts[2].functionResponse.parts[0]'],
  ['contents[10].content[20].content[30].title', 'contents[10].parts[20].functionResponse.parts[30].title'],
  ['systemInstruction.content[0]', 'systemInstruction.parts[0]'],
  ['other.contents[1].content[2]', 'other.contents[1].content[2]'],
  ['other.contents[1].parts[2].content[0]', 'other.contents[1].parts[2].content[0]'],
  ['tools[0].functionDeclarations[1].strict', 'tools[0].functionDeclarations[1].strict'],
])('%s is %s', (path, expected) => expect(clientPath(path)).toBe(expected));
