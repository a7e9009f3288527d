import { version } from '../../version.ts';
import type { AccountFields } from '../provider.ts';

/** Our own name, as every request of an account says it. */
export const product: string = `llmproxy/${version}`;

/** Members of a record, and options of a login, with which the user may say something else: `editor_version`. */
export const namedMembers: readonly string[] = ['editor_version', 'editor_plugin_version', 'integration_id'];

/**
 * The service asks every client which editor and integration it is. We are none: our own name is sent unless the record
 * says otherwise.
 */
export function clientHeaders(fields: AccountFields): Readonly<Record<string, string>> {
  return {
    'editor-version': named(fields, 'editor_version', product),
    'editor-plugin-version': named(fields, 'editor_plugin_version', product),
    'copilot-integration-id': named(fields, 'integration_id', 'llmproxy'),
  };
}

function named(fields: AccountFields, member: string, usual: string): string {
  const value = fields[member];
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value.trim()) ? value.trim() : usual;
}
