import { expect, it } from 'vitest';
import { functionOfCustomTool, unwrapCustomInput, wrapCustomInput } from './custom-tool.ts';

const tool = { type: 'custom', name: 'patch', path: 'tools[0]' } as const;

it('becomes a function with one string', () => {
  expect(functionOfCustomTool(tool)).toEqual({
    parameters: {
      type: 'object',
      properties: { input: { type: 'string' } },
      required: ['input'],
      additionalProperties: false,
    },
  });
});

it('tells the model of the grammar that cannot bind it', () => {
  const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
  expect(functionOfCustomTool({ ...tool, description: 'Edits.', format }).description).toBe(
    'Edits.\n\nThe input must follow this lark grammar:\nstart: "a"',
  );
  expect(functionOfCustomTool({ ...tool, format: { type: 'text' } })).not.toHaveProperty('description');
});

it.each(['', '*** "quoted"\n\\ text', '{"input":"nested"}'])('gives the text %j back', (text) => {
  expect(unwrapCustomInput(JSON.stringify(wrapCustomInput(text)))).toBe(text);
});

it('an object without anything is a call without text', () => expect(unwrapCustomInput('{}')).toBe(''));

it.each(['not json', '{"input":1}', '{"other":"x"}', '["input"]', '{"input":"cut'])(
  'leaves %s as the model wrote it',
  (callArguments) => expect(unwrapCustomInput(callArguments)).toBe(callArguments),
);
