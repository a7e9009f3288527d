import { z } from 'zod';
import { field, type Shape, section } from './field.ts';

/** Where answers of the Responses API are kept, and for how long. */
export interface ResponsesStore {
  readonly file: string;
  readonly 'ttl-days': number;
  readonly 'max-entries': number;
  readonly 'max-mb': number;
}

/** Where responses are kept unless somebody chose another place. */
export const DEFAULT_STORE_FILE = '~/.llmproxy/state.db';

/** What the Responses API keeps. */
export interface ResponsesConfig {
  readonly 'responses-store': ResponsesStore;
  readonly 'responses-compact-enabled': boolean;
}

/** Keys of the Responses API. */
export const responsesShape: Shape<ResponsesConfig> = {
  'responses-store': field(
    section<ResponsesStore>({
      file: field(
        z.string().trim().default(DEFAULT_STORE_FILE),
        'now',
        'SQLite file, created at the first use. ~ is the home directory. Empty: in memory only, gone at the end.',
      ),
      'ttl-days': field(
        z.number().gt(0).max(3650).default(30),
        'now',
        'Days after its last use at which a response is deleted.',
      ),
      'max-entries': field(
        z.number().int().min(1).max(100_000_000).default(100_000),
        'now',
        'The most responses that are kept; beyond that the longest unused ones go.',
      ),
      'max-mb': field(
        z.number().gt(0).max(1_000_000).default(1024),
        'now',
        'The most that all responses together take, in MiB; beyond that the longest unused ones go.',
      ),
    }),
    'now',
    'Responses of clients that did not say store: false, where the provider keeps none itself; previous_response_id continues them.',
  ),
  'responses-compact-enabled': field(
    z.boolean().default(true),
    'now',
    'Serve /v1/responses/compact, which sums up a conversation.',
  ),
};
