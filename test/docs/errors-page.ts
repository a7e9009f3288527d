/** docs/reference/errors.md out of the tables and of what the codecs write. */
import { clientCodecs } from '../../src/dialects/index.ts';
import { errorKinds } from '../../src/error-kinds.ts';
import { errorTable, upstreamError } from '../../src/errors.ts';
import { isJsonObject } from '../../src/ir/index.ts';

const HEAD = `# Failures of providers

Generated from \`src/error-kinds.ts\` and \`src/errors.ts\`. What to do about an error is in [errors](../guide/errors.md).

A provider's failure is recognised by the \`code\` or \`type\` in its body, else by its message, else by its status. The
client gets the provider's own message, without secrets, in its own dialect. A status that fits the meaning stays;
the column \`status\` is what another one becomes: a wrong request that a provider answers with 500 is a 400 here, and is
not tried with other keys.
`;

/** The page. */
export function errorsPage(): string {
  return `${HEAD}\n${kindRows()}\n\n## Codes of llmproxy\n\n\`errorCode\` in the log.\n\n${codeRows()}\n`;
}

function kindRows(): string {
  const head = [
    'meaning',
    'provider says',
    'status',
    'tried elsewhere',
    'OpenAI `type`, `code`',
    'Claude `type`',
    'Gemini `status`',
  ];
  const rows = Object.entries(errorKinds).map(([kind, row]) => {
    const byStatus = upstreamError({ status: row.status, message: 'x' });
    // Shares its status with a more general kind.
    const byName = upstreamError({ status: row.status, message: 'x', ...(exampleOf(row.names) ?? {}) });
    const error = byStatus.kind === kind ? byStatus : byName;
    return [
      row.meaning,
      says(row.statuses, row.names),
      String(row.status),
      error.retryable ? 'yes' : 'no',
      nameOf(clientCodecs.chat.encodeError(error), ['type', 'code']),
      nameOf(clientCodecs.messages.encodeError(error), ['type']),
      nameOf(clientCodecs.gemini.encodeError(error), ['status']),
    ];
  });
  return table(head, rows);
}

/** The first of the names that a pattern lists. */
function exampleOf(names: RegExp | undefined): { readonly code: string } | undefined {
  const [first] = listed(names);
  return first === undefined ? undefined : { code: first };
}

function listed(names: RegExp | undefined): string[] {
  return (names?.source ?? '')
    .replace(/^\^(?:\(\?:)?|\)?\$$/g, '')
    .split('|')
    .filter((name) => name !== '');
}

function says(statuses: readonly number[], names: RegExp | undefined): string {
  return [...statuses.map(String), ...listed(names).map((name) => `\`${name}\``)].join(', ');
}

function nameOf(body: object, members: readonly string[]): string {
  const error: unknown = 'error' in body ? body.error : undefined;
  if (!isJsonObject(error)) throw new Error('an error body without an error');
  return members.map((name) => (error[name] === null ? 'null' : `\`${String(error[name])}\``)).join(', ');
}

function codeRows(): string {
  const rows = Object.entries(errorTable).map(([code, row]) => [
    `\`${code}\``,
    String(row.status),
    row.retryable ? 'yes' : 'no',
    row.scope,
  ]);
  return table(['code', 'status', 'tried elsewhere', 'to blame'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
