/**
 * Every client dialect x every upstream dialect x every case x {JSON, stream}, over real sockets to a scripted upstream.
 * Both ends are written without the product's codecs. The outcome is published in docs/reference/compatibility.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkStream } from '../streams/grammar.ts';
import { fourDialectConfig, upstreamModels } from '../support/proxy-process.ts';
import {
  type ScriptedAnswer,
  type ScriptedUpstream,
  type SeenRequest,
  startScriptedUpstream,
  type UpstreamDialect,
} from '../support/scripted-upstream/index.ts';
import { createTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { areas } from './areas.ts';
import { limitedModel, withLimitedModels } from './cases-reasoning.ts';
import { OUTPUT_TOOL_MODEL, SEARCHING_MODEL } from './cases-special-models.ts';
import { type Cell, compatibilityPage } from './compatibility-page.ts';
import { clients, views } from './drivers.ts';
import { type Answer, type Case, type ClientDriver, type ClientRequest, dialects } from './model.ts';

const cases = areas.flatMap((area) => area.cases);
const cells: Cell[] = [];
let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startScriptedUpstream(() => ({ text: 'unused' }));
  const config = withLimitedModels(fourDialectConfig(upstream.origin))
    .replace('{ name: up-chat }', `{ name: up-chat }, { name: ${SEARCHING_MODEL} }`)
    .replace('{ name: up-claude }', `{ name: up-claude }, { name: ${OUTPUT_TOOL_MODEL} }`);
  // The errors would cool the credentials down.
  proxy = await createTestProxy(`${config}\ndisable-cooling: true\nrequest-retry: 0\n`);
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

function modelOf({ ask, limited, models }: Case, target: UpstreamDialect): string {
  const model = models?.[target] ?? upstreamModels[target];
  return `${limited ? limitedModel(model) : model}${ask.suffix ?? ''}`;
}

type Outcome = Pick<Cell, 'dropped' | 'refused'>;

const droppedOf = (response: Response): string[] =>
  (response.headers.get('x-llmproxy-dropped') ?? '').split(', ').filter((path) => path !== '');

async function exercise(client: ClientDriver, target: UpstreamDialect, one: Case, stream: boolean): Promise<Outcome> {
  upstream.seen.length = 0;
  upstream.script = (seen) => {
    if (one.reply !== undefined) return one.reply(seen);
    return one.byGivenName ? calledByGivenName(one.answer, seen) : one.answer;
  };
  const request = client.build(one.ask, modelOf(one, target), stream);
  const response = await proxy.post(request.path, request.body);
  const text = await response.text();
  const refusal = one.refused?.(client.dialect, target);
  if (refusal !== undefined) {
    expect([response.status, upstream.seen.length]).toEqual([400, 0]);
    expect(text).toMatch(refusal);
    return { dropped: [], refused: true };
  }
  expect(response.status, text).toBe(200);
  const seen = upstream.seen[0];
  if (seen === undefined) throw new Error('nothing reached the upstream');
  expect(seen.dialect).toBe(target);
  const dropped = droppedOf(response);
  one.seen?.(views[target](seen.body), target, dropped, client.dialect);
  if (stream) checkStream(client.dialect, text);
  const answer = stream ? client.readStream(text) : client.readJson(JSON.parse(text));
  const calls = (one.answer.toolCalls ?? []).map((call) => ({ name: call.name, arguments: call.arguments }));
  expect(answer.text).toBe(`${one.answer.text ?? ''}${one.answer.refusal ?? ''}`);
  expect(answer.reasoning).toBe(one.answer.reasoning ?? '');
  expect(answer.calls).toEqual(calls);
  expect(answer.finish).toBe(one.finish?.(client.dialect, target) ?? finishOf(one));
  one.got?.(answer, client.dialect, target);
  if (one.next !== undefined) await goOn(client, target, one, client.goOn(request, answer, 'And then?'));
  return { dropped };
}

async function goOn(client: ClientDriver, target: UpstreamDialect, one: Case, next: ClientRequest): Promise<void> {
  upstream.seen.length = 0;
  upstream.script = () => ({ text: 'Then nothing.' });
  const response = await proxy.post(next.path, next.body);
  expect(response.status, await response.text()).toBe(200);
  one.next?.(views[target](upstream.seen[0]?.body), target, client.dialect, droppedOf(response));
}

describe.for(clients)('$dialect client', (client) => {
  describe.for(dialects)('%s upstream', (target) => {
    for (const one of cases) {
      if (one.clients?.includes(client.dialect) === false) continue;
      const reason = one.skip?.(client.dialect, target);
      const record = (outcome: Outcome): void => {
        cells.push({ client: client.dialect, upstream: target, name: one.name, reason, ...outcome });
      };
      if (reason !== undefined) {
        record({ dropped: [] });
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
  const page = compatibilityPage(cells, areas, dialects);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(
    readFileSync(file, 'utf8'),
    'run UPDATE_DOCS=1 npx vitest run --project unit test/conformance/matrix.test.ts',
  ).toBe(page);
});
