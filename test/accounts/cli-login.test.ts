/** Logins at the command line, by the real program; what they look like stands in docs/guide/login.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../integration/cli-process.ts';
import { type CliPerson, cliPerson } from './cli-person.ts';
import { type SceneVendors, scenes, sceneVendors } from './cli-scenes.ts';
import { shownTranscript, withTranscripts } from './login-page.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/guide/login.md');
const HINT = 'run UPDATE_DOCS=1 npx vitest run --project unit test/accounts/cli-login.test.ts';

let person: CliPerson;
const vendors: SceneVendors = sceneVendors();
const played = new Map<string, string>();

beforeAll(async () => {
  person = await cliPerson(vendors.anthropic, vendors.github, vendors.vertex);
});
afterAll(async () => {
  await person.close();
  cleanUp();
});

describe('what a person lives through', () => {
  it.each(scenes(vendors).map((scene) => [scene.name, scene] as const))('%s', { timeout: 60_000 }, async (_, scene) => {
    const { code, transcript } = await scene.play(person);
    expect(code, transcript).toBe(0);
    played.set(scene.name, shownTranscript(scene, transcript, person.home));
    expect(transcript).not.toMatch(/fake-(access|refresh|oat|ort|code)-(?!\w+&state)|sk-ant|PRIVATE KEY|ghu_|gho_/);
  });

  it('stands in the page', () => {
    const page = readFileSync(PAGE, 'utf8');
    const written = withTranscripts(page, played);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, written);
    expect(readFileSync(PAGE, 'utf8'), HINT).toBe(written);
  });

  it('left the records as they were told, for their owner only, and no complaint', () => {
    expect(person.record('claude-ann@example.test.json')).toMatchObject({ type: 'claude', email: 'ann@example.test' });
    expect(person.record('claude-bob@example.test.json')).toBeUndefined();
    expect(person.record('claude-dora@example.test.json')).toMatchObject({ email: 'dora@example.test' });
    for (const vendor of Object.values(vendors)) expect(vendor.complaints).toEqual([]);
    expect(person.internet.strangers).toEqual([]);
    expect(person.internet.faults).toEqual([]);
  });
});
