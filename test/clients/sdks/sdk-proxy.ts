import { afterAll, beforeAll } from 'vitest';
import {
  fourDialectConfig,
  type ProxyProcess,
  startProxyProcess,
  upstreamModels,
} from '../../support/proxy-process.ts';
import { type Script, type ScriptedUpstream, startScriptedUpstream } from '../../support/scripted-upstream/index.ts';

export const ANSWER = 'Hello, Grüezi, 你好 and 🙂.';
export const WEATHER_SCHEMA: {
  type: string;
  properties: { city: { type: string } };
  required: string[];
  additionalProperties: boolean;
} = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
/** One model per upstream dialect. */
export const models: readonly string[] = Object.values(upstreamModels);

/** Answers ANSWER; calls get_weather when the prompt says WEATHER; reports a tool's result; JSON when it says JSON. */
const script: Script = (seen) => {
  if (seen.toolResult !== undefined)
    return { text: `The tool said: ${seen.toolResult.replace(/^\{"\w+":"(.*)"\}$/, '$1')}` };
  if (seen.userText.includes('JSON')) return { text: '{"city":"Zürich"}' };
  const tool = seen.tools[0];
  if (tool !== undefined && seen.userText.includes('WEATHER')) {
    return { reasoning: 'I should look.', toolCalls: [{ name: tool.name, arguments: { city: 'Zürich' } }] };
  }
  return { reasoning: 'Be polite.', text: ANSWER };
};

/** A real proxy process and a scripted upstream for one test file; `origin` is set before the tests run. */
export function proxyForSdks(): { origin: string; upstream: ScriptedUpstream | undefined } {
  const handle: { origin: string; upstream: ScriptedUpstream | undefined } = { origin: '', upstream: undefined };
  let proxy: ProxyProcess | undefined;
  beforeAll(async () => {
    handle.upstream = await startScriptedUpstream(script);
    proxy = await startProxyProcess(fourDialectConfig(handle.upstream.origin));
    handle.origin = proxy.origin;
  });
  afterAll(async () => {
    await proxy?.close();
    await handle.upstream?.close();
  });
  return handle;
}
