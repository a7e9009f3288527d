/** Nothing is lost silently: every documented field of every client dialect, in every other dialect. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codecs } from '../../../src/dialects/index.ts';
import { ProxyError } from '../../../src/errors.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';
import { dialects } from '../model.ts';
import { chatBase, chatFields } from './chat.ts';
import { type Fate, type FieldRow, fieldsPage } from './fields-page.ts';
import { geminiBase, geminiFields } from './gemini.ts';
import { hints } from './hints.ts';
import { messagesBase, messagesFields } from './messages.ts';
import { type FieldCase, isNamed, withField } from './model.ts';
import { responsesBase, responsesFields } from './responses.ts';

const clients: Readonly<Record<UpstreamDialect, { readonly base: Wire; readonly fields: readonly FieldCase[] }>> = {
  'openai-chat': { base: chatBase, fields: chatFields },
  'openai-responses': { base: responsesBase, fields: responsesFields },
  'anthropic-messages': { base: messagesBase, fields: messagesFields },
  gemini: { base: geminiBase, fields: geminiFields },
};

interface Sent {
  readonly body: string;
  readonly named: readonly string[];
}

function send(client: UpstreamDialect, upstream: UpstreamDialect, body: Wire): Sent {
  const [from, to] = [codecs.get(client), codecs.get(upstream)];
  if (from === undefined || to === undefined) throw new Error('a dialect has no codec');
  const request = from.decodeRequest({ ...body, model: 'm' }, { model: 'm', stream: false });
  const { value, warnings } = to.encodeRequest(request, { model: 'm', stream: false, quirks: {} });
  return { body: JSON.stringify(value), named: warnings.map((warning) => from.clientPath(warning.path)) };
}

/** The hint's key in the table. */
function hintOf(client: UpstreamDialect, path: string, value: string): string | undefined {
  return [path, `${path}: ${value}`].find((key) => Object.hasOwn(hints[client], key));
}

function fateOf(client: UpstreamDialect, upstream: UpstreamDialect, field: FieldCase): Fate | 'silent' {
  const base = field.base ?? clients[client].base;
  const without = send(client, upstream, base);
  let sent: Sent;
  try {
    sent = send(client, upstream, withField(base, field.path, field.value));
  } catch (error) {
    if (error instanceof ProxyError && error.code === 'lossy_translation' && error.message.startsWith(field.path))
      return 'refused';
    throw error;
  }
  const paths = [field.path, ...(field.alsoNamed ?? [])];
  if (sent.named.some((named) => paths.some((path) => isNamed(path, named)))) return 'reported';
  if (sent.body !== without.body) return 'carried';
  return hintOf(client, field.path, JSON.stringify(field.value)) === undefined ? 'silent' : 'hint';
}

const rows: FieldRow[] = [];

describe.for(dialects)('%s client', (client) => {
  for (const field of clients[client].fields) {
    const value = JSON.stringify(field.value);
    test.for(dialects.filter((dialect) => dialect !== client))(`${field.path}: ${value}, %s upstream`, (upstream) => {
      const fate = fateOf(client, upstream, field);
      expect(fate).not.toBe('silent');
      if (fate !== 'silent') rows.push({ client, upstream, path: field.path, value, fate });
    });
  }

  test('every hint in the table is left out somewhere', () => {
    const left = rows.filter((row) => row.client === client && row.fate === 'hint');
    const used = new Set(left.map((row) => hintOf(client, row.path, row.value)));
    expect(Object.keys(hints[client]).filter((path) => !used.has(path))).toEqual([]);
  });
});

test('the page of fields says what the tests found', () => {
  const file = join(import.meta.dirname, '../../../docs/reference/fields.md');
  const page = fieldsPage(rows, dialects, hints);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8'), 'run UPDATE_DOCS=1 npm test -- --project unit test/conformance').toBe(page);
});
