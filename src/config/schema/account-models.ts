import { z } from 'zod';
import type { ErrorRuleEntry } from '../../credentials/error-rule.ts';
import { scopedErrors } from './error-rules.ts';
import { field, object, type Shape, textList } from './field.ts';

/** An alias as it is written in the configuration. */
export interface AliasEntry {
  readonly name: string;
  readonly alias: string;
  readonly fork: boolean;
  readonly 'display-name': string;
  readonly 'force-mapping': boolean;
}

/** Names and exclusions of the models of logged-in accounts, and what their errors mean, per provider. */
export interface AccountModelsConfig {
  readonly 'oauth-model-alias': Readonly<Record<string, readonly AliasEntry[]>>;
  readonly 'oauth-excluded-models': Readonly<Record<string, readonly string[]>>;
  readonly 'oauth-request-scoped-errors': Readonly<Record<string, readonly ErrorRuleEntry[]>>;
  readonly 'oauth-upstream': Readonly<Record<string, string>>;
  readonly 'ask-about-accounts': boolean;
}

const alias = object<AliasEntry>({
  name: field(z.string().trim().default(''), 'now', 'Model name of the provider.', { example: 'your-model' }),
  alias: field(z.string().trim().default(''), 'now', 'Name for clients.', { example: 'your-alias' }),
  fork: field(z.boolean().default(false), 'now', 'Keep the original name as well.'),
  'display-name': field(z.string().default(''), 'now', 'Name for people.'),
  'force-mapping': field(z.boolean().default(false), 'now', 'Answers carry the alias.'),
});

/** Keys about the models of logged-in accounts. */
export const accountModelsShape: Shape<AccountModelsConfig> = {
  'ask-about-accounts': field(
    z.boolean().default(true),
    'now',
    'Ask providers in the background which models an account can use and what is left of its plan. Read at start.',
  ),
  'oauth-model-alias': field(
    z.record(z.string(), z.array(alias)).default({}),
    'now',
    'Model aliases of logged-in accounts, per provider.',
  ),
  'oauth-upstream': field(
    z.record(z.string(), z.string()).default({}),
    'now',
    'Where logged-in accounts are served instead, by provider: base URLs.',
  ),
  'oauth-excluded-models': field(
    z.record(z.string(), textList()).default({}),
    'now',
    'Models that logged-in accounts do not serve, per provider; * stands for any text.',
  ),
  'oauth-request-scoped-errors': field(
    z.record(z.string(), scopedErrors).default({}),
    'now',
    'Rules for errors of logged-in accounts, per provider; as request-scoped-errors of a key.',
  ),
};
