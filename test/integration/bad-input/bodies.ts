/** Right requests and answers of each dialect: the fields of its documentation and the golden fixtures. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chatBase, chatFields } from '../../conformance/fields/chat.ts';
import { geminiBase, geminiFields } from '../../conformance/fields/gemini.ts';
import { messagesBase, messagesFields } from '../../conformance/fields/messages.ts';
import { type FieldCase, withField } from '../../conformance/fields/model.ts';
import { responsesBase, responsesFields } from '../../conformance/fields/responses.ts';
import type { UpstreamDialect, Wire } from '../../support/scripted-upstream/index.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');

function readFixtures(dialect: UpstreamDialect, name: string): readonly string[] {
  const folder = join(fixtures, dialect);
  return readdirSync(folder)
    .map((kind) => join(folder, kind, name))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
}

function documented(base: Wire, fields: readonly FieldCase[]): readonly Wire[] {
  return fields.map((field) => withField(field.base ?? base, field.path, field.value));
}

const fields: Readonly<Record<UpstreamDialect, readonly Wire[]>> = {
  'openai-chat': documented(chatBase, chatFields),
  'openai-responses': documented(responsesBase, responsesFields),
  'anthropic-messages': documented({ max_tokens: 9000, ...messagesBase }, messagesFields),
  gemini: documented(geminiBase, geminiFields),
};

/** Requests in a dialect, for a model that the tests serve. */
export function requestsOf(dialect: UpstreamDialect): readonly Wire[] {
  const recorded = readFixtures(dialect, 'request.json').map((text) => JSON.parse(text));
  const model = dialect === 'gemini' ? {} : { model: 'm' };
  return [...fields[dialect], ...recorded].map(({ stream: _, ...body }) => ({ ...body, ...model }));
}

/** Whole answers in a dialect. */
export function answersOf(dialect: UpstreamDialect): readonly Wire[] {
  return readFixtures(dialect, 'response.json').map((text) => JSON.parse(text));
}

/** The events of a streamed answer: its names and its data. */
export interface PlayedEvent {
  readonly head: string;
  readonly data: Wire;
}

/** Streamed answers in a dialect, as lists of events. */
export function streamsOf(dialect: UpstreamDialect): readonly (readonly PlayedEvent[])[] {
  return readFixtures(dialect, 'stream.sse').map((text) =>
    text.split(/\r?\n\r?\n/).flatMap((block) => {
      const lines = block.split(/\r?\n/);
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5));
      if (data.length === 0) return [];
      const head = lines.filter((line) => line.startsWith('event:')).join('\n');
      const joined = data.join('\n').trim();
      return [{ head, data: joined.startsWith('{') ? JSON.parse(joined) : joined }];
    }),
  );
}

/** A list of events as text. */
export function streamText(events: readonly PlayedEvent[]): string {
  return events
    .map(
      ({ head, data }) =>
        `${head === '' ? '' : `${head}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
    )
    .join('');
}
