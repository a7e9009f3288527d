import { vendorText } from '../../auth/vendor-api.ts';
import { kiroEnvelope } from '../../envelopes/kiro.ts';
import type { AccountFields, AccountRules, Endpoint, ServedAccount } from '../provider.ts';
import { amazonLogins, refreshAmazon } from './amazon.ts';
import { ideImport } from './ide-import.ts';
import { listModels, readQuota, usageLimits } from './management.ts';
import { apiRegion, isAmazon, profileOf } from './record.ts';
import { refreshSocial, refreshTokenLogin, socialLogins } from './social.ts';

const MINUTE_MS = 60_000;

/** The one operation there is; older addresses have it at the root. */
export const endpoints: readonly Endpoint[] = [
  { dialect: 'kiro', path: '/{operation}', envelope: kiroEnvelope, streamsOnly: true },
];

/** An address with what requests must say there: they fit together or are refused. */
interface Address {
  readonly host: string;
  readonly operation: string;
  readonly origin: string;
  readonly target?: string;
}

const usual: Address = { host: 'q', operation: 'generateAssistantResponse', origin: 'AI_EDITOR' };
const ide: Address = {
  host: 'codewhisperer',
  operation: 'generateAssistantResponse',
  origin: 'AI_EDITOR',
  target: 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse',
};
const cli: Address = {
  host: 'q',
  operation: '',
  origin: 'CLI',
  target: 'AmazonQDeveloperStreamingService.SendMessage',
};

const preferred: Readonly<Record<string, Address>> = { codewhisperer: ide, ide, amazonq: cli, q: cli, cli };

/** Logins with Kiro. */
export const account: AccountRules = {
  types: ['kiro'],
  recordName: 'kiro-<login>-<e-mail>.json',
  header: { type: 'bearer' },
  refreshLeadMs: 5 * MINUTE_MS,
  serve,
  refresh: (fields, io) => (isAmazon(fields) ? refreshAmazon(fields, io) : refreshSocial(fields, io)),
  logins: [...amazonLogins, ...socialLogins, refreshTokenLogin],
  imports: [ideImport],
  notices: [
    "You use your own Kiro or Amazon Q account, under Amazon's terms; they may not allow use through a proxy, and accounts have been suspended for it.",
    'llmproxy names itself in every request and imitates no client of Amazon; the service may refuse it for that.',
  ],
  quota: async (fields, io) => readQuota(await usageLimits(fields, io)),
  listModels,
};

/** Throws ProxyError for a region that is none. */
function serve(fields: AccountFields): ServedAccount {
  const wanted = vendorText(fields['preferred_endpoint'])?.toLowerCase() ?? '';
  const address = (Object.hasOwn(preferred, wanted) ? preferred[wanted] : undefined) ?? usual;
  const { host, operation, origin, target } = address;
  const profileArn = profileOf(fields);
  return {
    baseUrl: `https://${host}.${apiRegion(fields)}.amazonaws.com`,
    headers:
      target === undefined
        ? { accept: '*/*' }
        : { accept: '*/*', 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    parameters: { operation, origin, ...(profileArn !== undefined && { profileArn }) },
  };
}
