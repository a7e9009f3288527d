/** What only accounts of Google have: several projects, a second address, credits. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { CLIENT_KEY } from '../support/proxy-process.ts';
import { createAntigravityVendor, createGeminiCliVendor, type GoogleVendor } from '../support/vendors/google.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { type AccountGateway, accountHome, everyWay, type Outcome } from './account-gateway.ts';
import { logIn } from './log-in.ts';

const running: { internet?: Internet; gateway?: AccountGateway } = {};

afterEach(async () => {
  await running.gateway?.stop();
  await running.internet?.close();
  cleanUp();
});

/** A gateway with one account of ann's. */
async function gatewayFor(
  vendor: GoogleVendor,
  config = '',
  project?: string,
): Promise<(at?: number) => Promise<Outcome>> {
  const internet = await startInternet(vendor);
  const folder = makeFolder();
  const home = accountHome(folder, { ...internet.env, ...vendor.env });
  appendFileSync(join(folder, 'config.yaml'), config);
  const player = project === undefined ? vendor : { ...vendor, options: () => ({ project }) };
  const [method] = providers.find(({ id }) => id === vendor.provider)?.account?.logins ?? [];
  if (method === undefined) throw new Error(`nobody can log in to ${vendor.provider}`);
  const account = await logIn(internet, player, method, 'ann');
  await home.records.write(account.recordId, account.fields);
  const gateway = await home.start();
  Object.assign(running, { internet, gateway });
  return async (at = 0) => {
    const way = everyWay[at % everyWay.length];
    if (way === undefined) throw new Error('there is no client');
    return gateway.ask(way.client, vendor.model, way.stream);
  };
}

it('the next project of an account goes on when the quota of one is used up', async () => {
  const vendor = createGeminiCliVendor();
  vendor.identity.projects.set('ann', ['p-1', 'p-2']);
  const ask = await gatewayFor(vendor, '', 'ALL');
  vendor.codeAssist.spentProjects.add('p-1');
  for (const at of everyWay.keys()) expect(await ask(at)).toMatchObject({ status: 200 });
  expect(new Set(vendor.codeAssist.seen.map(({ envelope }) => envelope['project']))).toEqual(new Set(['p-2']));
  expect(vendor.complaints).toEqual([]);
});

it('clients of Code Assist are told of the account, as which nobody sends what they brought', async () => {
  const vendor = createGeminiCliVendor();
  await gatewayFor(vendor);
  const ask = async (method: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` };
    const url = `${await running.gateway?.process.listening()}/v1internal:${method}`;
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const metadata = { ideType: 'IDE_UNSPECIFIED', pluginType: 'GEMINI', duetProject: 'theirs' };
  const load = { cloudaicompanionProject: 'theirs', metadata };
  expect(await ask('loadCodeAssist', load)).toMatchObject({ cloudaicompanionProject: 'made-for-ann' });
  expect(await ask('retrieveUserQuota', { project: 'theirs' })).toMatchObject({
    buckets: [{ modelId: 'gemini-2.5-pro', remainingFraction: 0.5 }, {}],
  });
  vendor.codeAssist.ineligible.add('ann');
  expect(await ask('loadCodeAssist', load)).toMatchObject({ cloudaicompanionProject: 'llmproxy' });
  expect(await ask('recordCodeAssistMetrics', { project: 'theirs' })).toEqual({});
  const request = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }], session_id: 's' };
  expect(await ask('generateContent', { model: vendor.model, project: 'theirs', request })).toMatchObject({
    response: { candidates: [{ content: { parts: [{ text: 'Hello ann.' }] } }] },
  });
  expect(vendor.codeAssist.seen.at(-1)?.envelope['project']).toBe('made-for-ann');
  expect(await ask('countTokens', { request: { model: `models/${vendor.model}`, ...request } })).toEqual({
    totalTokens: 7,
  });
  expect(vendor.complaints).toEqual([]);
});

it('an address without capacity gives way to the next, and no account is blamed', async () => {
  const vendor = createAntigravityVendor();
  const ask = await gatewayFor(vendor);
  vendor.codeAssist.full.add('daily-cloudcode-pa.googleapis.com');
  for (const at of everyWay.keys()) expect(await ask(at)).toMatchObject({ status: 200 });
  expect(new Set(vendor.codeAssist.seen.map(({ host }) => host))).toEqual(new Set(['cloudcode-pa.googleapis.com']));
  expect(await running.gateway?.restingCredentials()).toBe(0);
  vendor.codeAssist.full.clear();
  await ask();
  expect(vendor.codeAssist.seen.at(-1)?.host).toBe('daily-cloudcode-pa.googleapis.com');
  expect(vendor.complaints).toEqual([]);
});

it.each([
  [true, 200],
  [false, 429],
])('credits are spent after everything else, and only if that is allowed: %s', async (allowed, status) => {
  const vendor = createAntigravityVendor();
  vendor.codeAssist.credits.set('ann', 100);
  const ask = await gatewayFor(vendor, `quota-exceeded: { antigravity-credits: ${allowed} }\n`);
  expect(await ask()).toMatchObject({ status: 200 });
  expect(vendor.codeAssist.seen[0]?.envelope).not.toHaveProperty('enabledCreditTypes');
  vendor.exhaust('ann');
  expect(await ask(1)).toMatchObject({ status });
  const paid = vendor.codeAssist.seen.filter(({ envelope }) => envelope['enabledCreditTypes'] !== undefined);
  expect(paid.map(({ envelope }) => envelope['enabledCreditTypes'])).toEqual(allowed ? [['GOOGLE_ONE_AI']] : []);
  expect(vendor.complaints).toEqual([]);
});
