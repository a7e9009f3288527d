/**
 * Every client dialect x every upstream dialect x every case x {JSON, stream}, over real sockets to a scripted upstream.
 * Both ends are written without the product's codecs. The outcome is published in docs/reference/compatibility.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedUpstream,
  type SeenRequest,
  startScriptedUpstream,
  type UpstreamDialect,
  type Wire,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { cases as basicCases } from './cases.ts';
import { answerCases } from './cases-answers.ts';
import { limitedModel, reasoningCases, withLimitedModels } from './cases-reasoning.ts';
import { requestCases } from './cases-requests.ts';
import { schemaCases } from './cases-schemas.ts';
import { signatureCases } from './cases-signatures.ts';
import { toolCases } from './cases-tools.ts';
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
import { type Cell, compatibilityPage } from './compatibility-page.ts';
import { type Answer, type Case, type ClientDriver, dialects, type View } from './model.ts';
import { viewChat } from './upstreams/chat.ts';
import { viewGemini } from './upstreams/gemini.ts';
import { viewMessages } from './upstreams/messages.ts';
import { viewResponses } from './upstreams/responses.ts';

const clients: readonly ClientDriver[] = [chatClient, responsesClient, messagesClient, geminiClient];
const views: Record<UpstreamDialect, (body: Wire) => View> = {
  'openai-chat': viewChat,
  'openai-responses': viewResponses,
  'anthropic-messages': viewMessages,
  gemini: viewGemini,
};

const cases = [
  ...basicCases,
  ...requestCases,
  ...answerCases,
  ...reasoningCases,
  ...schemaCases,
  ...signatureCases,
  ...toolCases,
];
const cells: Cell[] = [];
let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'unused' }));
  proxy = await createTestProxy(withLimitedModels(fourDialectConfig(upstream.origin)));
});

afterAll(async () => {
  await proxy?.close();
  await upstream?.close();
});

function finishOf({ answer }: Case): Answer['finish'] {
  if (answer.finish === 'length' || answer.finish === 'content-filter') return answer.finish;
  return (answer.toolCalls ?? []).length > 0 ? 'tool-calls' : 'stop';
}

function calledByGivenName(answer: ScriptedAnswer, { tools }: SeenRequest): ScriptedAnswer {
  return {
    ...answer,
    toolCalls: (answer.toolCalls ?? []).map((call) => ({ ...call, name: tools[0]?.name ?? call.name })),
  };
}

function modelOf({ ask, limited }: Case, target: UpstreamDialect): string {
  const model = upstreamModels[target];
  return `${limited ? limitedModel(model) : model}${ask.suffix ?? ''}`;
}

async function exercise(client: ClientDriver, target: UpstreamDialect, one: Case, stream: boolean): Promise<string[]> {
  upstream.seen.length = 0;
  upstream.script = (seen) => (one.byGivenName ? calledByGivenName(one.answer, seen) : one.answer);
  const { path, body } = client.build(one.ask, modelOf(one, target), stream);
  const response = await proxy.post(path, body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const seen = upstream.seen[0];
  if (seen === undefined) throw new Error('nothing reached the upstream');
  expect(seen.dialect).toBe(target);
  const dropped = (response.headers.get('x-llmproxy-dropped') ?? '').split(', ').filter((path) => path !== '');
  one.seen?.(views[target](seen.body), target, dropped);
  const answer = stream ? client.readStream(text) : client.readJson(JSON.parse(text));
  const calls = one.answer.toolCalls ?? [];
  expect(answer.text).toBe(`${one.answer.text ?? ''}${one.answer.refusal ?? ''}`);
  expect(answer.reasoning).toBe(one.answer.reasoning ?? '');
  expect(answer.calls).toEqual(calls);
  expect(answer.finish).toBe(one.finish?.(client.dialect, target) ?? finishOf(one));
  one.got?.(answer, client.dialect, target);
  return dropped;
}

describe.for(clients)('$dialect client', (client) => {
  describe.for(dialects)('%s upstream', (target) => {
    for (const one of cases) {
      const reason = one.skip?.(client.dialect, target);
      const record = (dropped: readonly string[]): void => {
        cells.push({ client: client.dialect, upstream: target, name: one.name, reason, dropped });
      };
      if (reason !== undefined) {
        record([]);
        test.skip(`${one.name}: ${reason}`);
        continue;
      }
      test(`${one.name}, JSON`, async () => record(await exercise(client, target, one, false)));
      test(`${one.name}, stream`, async () => {
        await exercise(client, target, one, true);
      });
    }
  });
});

test('the compatibility page says what the matrix found', () => {
  const file = join(import.meta.dirname, '../../docs/reference/compatibility.md');
  const page = compatibilityPage(cells, cases, dialects);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8'), 'run UPDATE_DOCS=1 npm test -- --project unit test/conformance').toBe(page);
});
