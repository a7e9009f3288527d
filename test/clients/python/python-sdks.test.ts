/** The official Python SDKs, current and previous major, through a real proxy against every upstream dialect. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CLIENT_KEY } from '../../support/proxy-process.ts';
import { pythonProgram } from '../install/python.ts';
import { ANSWER, models, proxyForSdks } from '../sdks/sdk-proxy.ts';

const proxy = proxyForSdks();
const script = join(import.meta.dirname, 'sdk_check.py');

const expected = [
  { check: 'chat', text: ANSWER, total: 27 },
  { check: 'chat-stream', text: ANSWER, total: 27 },
  { check: 'chat-tool', name: 'get_weather', arguments: { city: 'Zürich' } },
  { check: 'chat-tool-result', text: 'The tool said: sunny' },
  { check: 'responses', text: ANSWER, total: 27 },
  { check: 'responses-stream', text: ANSWER, last: 'response.completed' },
  { check: 'messages', text: ANSWER, output: 7 },
  { check: 'messages-stream', text: ANSWER, kinds: ['thinking', 'text'] },
  { check: 'messages-tool', stop: 'tool_use', input: { city: 'Zürich' } },
  { check: 'messages-count', positive: true },
  { check: 'gemini', text: ANSWER, total: 27 },
  { check: 'gemini-stream', text: ANSWER },
  { check: 'gemini-tool', name: 'get_weather', arguments: { city: 'Zürich' } },
];

describe.for(['sdk-current', 'sdk-previous'] as const)('%s', (environment) => {
  test.for(models)('openai, anthropic and google-genai with model %s', async (model) => {
    const { stdout } = await promisify(execFile)(pythonProgram(environment, 'python'), [
      script,
      proxy.origin,
      CLIENT_KEY,
      model,
    ]);
    const found = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(found).toEqual(expected);
  });
});
