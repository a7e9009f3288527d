import { expect, test } from 'vitest';
import { invalidRequest, ProxyError } from '../../errors.ts';
import { inClientSpelling } from './client-spelling.ts';
import { gemini } from './index.ts';

const body = { generation_config: { top_p: 'x', topK: 'y' }, contents: [{ parts: [{ text: 1 }] }] };
const spelled = (path: string): unknown => inClientSpelling(invalidRequest(path, 'must be a number'), body);

test('a path in snake case is named in snake case', () => {
  expect(spelled('generationConfig.topP')).toMatchObject({
    code: 'invalid_request',
    path: 'generation_config.top_p',
    message: 'generation_config.top_p: must be a number',
  });
  expect(spelled('generationConfig.topK')).toMatchObject({ path: 'generation_config.topK' });
  expect(spelled('generationConfig.seed.deeper')).toMatchObject({ path: 'generation_config.seed.deeper' });
});

test('any other error stays the very same', () => {
  for (const error of [
    invalidRequest('contents[0].parts[0]', 'must be an object'),
    new ProxyError('internal', 'no path'),
    new Error('foreign'),
  ])
    expect(inClientSpelling(error, body)).toBe(error);
});

test('a message that does not begin with the path is kept', () => {
  const error = new ProxyError('invalid_request', 'wrong', { path: 'generationConfig' });
  expect(inClientSpelling(error, body)).toMatchObject({ message: 'wrong', path: 'generation_config' });
});

test('the decoder speaks so', () => {
  expect(() => gemini.decodeRequest({ contents: [], system_instruction: { parts: 5 } }, { model: 'm' })).toThrow(
    /^system_instruction\.parts: /,
  );
});
