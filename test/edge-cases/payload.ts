/** Payload rules without a pipeline. */
import type { JsonObject } from '../../src/ir/index.ts';
import { applyRules, compilePayloadRules, matchingHeaders, type PayloadSettings } from '../../src/payload/index.ts';
import { protocolNames } from '../../src/providers/protocol-names.ts';

/** A request as rules see it. */
export interface Subject {
  readonly client?: string;
  readonly upstream?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the client's own request gives; the body itself when absent. */
  readonly original?: JsonObject;
}

const none: PayloadSettings = { default: [], 'default-raw': [], override: [], 'override-raw': [], filter: [] };

/** The selector of every model. */
export const every: readonly { readonly name: string }[] = [{ name: '*' }];

/** The body of a request to the model `m` after these rules. */
export function withRules(settings: Partial<PayloadSettings>, body: JsonObject, subject: Subject = {}): JsonObject {
  const rules = compilePayloadRules({ ...none, ...settings }, protocolNames);
  const candidates =
    rules?.candidates({
      providerId: 'acme',
      dialect: subject.upstream ?? 'openai-chat',
      clientDialect: subject.client ?? 'openai-chat',
      models: ['m'],
    }) ?? [];
  return applyRules(matchingHeaders(candidates, subject.headers ?? {}), body, () => subject.original ?? body);
}
