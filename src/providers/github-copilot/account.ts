import { deviceLogin } from '../../auth/device-code.ts';
import type { DeviceLogin } from '../../auth/login.ts';
import { vendorText } from '../../auth/vendor-api.ts';
import { copilot } from '../../envelopes/copilot.ts';
import type { AccountFields, AccountRules, Endpoint, ServedAccount } from '../provider.ts';
import { exchange, githubToken, USUAL_API } from './exchange.ts';
import { clientHeaders, product } from './headers.ts';
import { editorImport } from './import.ts';
import { listModels } from './live-models.ts';
import { createAccount } from './new-account.ts';
import { askPlan, planMembers, readQuota } from './quota.ts';

const MINUTE_MS = 60_000;

/** Each model is served by some of them: `ModelInfo.dialects`. */
export const endpoints: readonly Endpoint[] = [
  { dialect: 'openai-chat', path: '/chat/completions', envelope: copilot },
  { dialect: 'openai-responses', path: '/responses', envelope: copilot },
  { dialect: 'anthropic-messages', path: '/v1/messages', envelope: copilot },
];

const device = deviceLogin({
  id: 'device',
  label: 'with a code on github.com',
  provider: 'github-copilot',
  // Of GitHub's own Copilot app: tokens of others are given no Copilot token.
  clientId: 'Iv1.b507a08c87ecfe98',
  deviceUrl: 'https://github.com/login/device/code',
  tokenUrl: 'https://github.com/login/oauth/access_token',
  scopes: ['user:email'],
  encoding: 'form',
  toAccount({ accessToken, body }, io) {
    const { token_type: tokenType, scope } = body;
    return createAccount(
      {
        access_token: accessToken,
        ...(typeof tokenType === 'string' ? { token_type: tokenType } : {}),
        ...(typeof scope === 'string' ? { scope } : {}),
      },
      io,
    );
  },
});

/** GitHub may refuse our own names: whoever has others says so. */
const login: DeviceLogin = {
  ...device,
  asks: [
    { name: 'editor-version', label: 'Editor-Version to send, if GitHub has given you one', example: product },
    { name: 'editor-plugin-version', label: 'Editor-Plugin-Version to send', example: product },
    { name: 'integration-id', label: 'Copilot-Integration-Id to send', example: 'llmproxy' },
  ],
};

/** Logins with a GitHub account that has Copilot. https://docs.github.com/copilot */
export const account: AccountRules = {
  types: ['github-copilot'],
  recordName: 'github-copilot-<name>.json',
  header: { type: 'bearer' },
  headers: { 'openai-intent': 'conversation-panel', 'x-github-api-version': '2025-04-01' },
  refreshLeadMs: 5 * MINUTE_MS,
  serve,
  async refresh(fields, io) {
    const changed = await exchange(fields, io);
    // What is left of the plan is told along; it is not worth failing for.
    const plan = await askPlan(fields, io).then(planMembers, () => ({}));
    return { ...plan, ...changed };
  },
  logins: [login],
  imports: [editorImport],
  notices: [
    "You use your own GitHub Copilot subscription, under GitHub's terms; they may not allow every use through a proxy.",
    'GitHub asks every client for the name of its editor. llmproxy sends its own name and imitates no editor: if GitHub refuses it (unknown Editor-Version or Copilot-Integration-Id), the account cannot be used unless you set editor_version and integration_id in its record to names that GitHub has given you.',
  ],
  quota: async (fields, io) => readQuota(await askPlan(fields, io)),
  listModels,
};

function serve(fields: AccountFields): ServedAccount {
  // Throws for a record without a login.
  githubToken(fields);
  const endsAtMs = Date.parse(vendorText(fields['copilot_expires_at']) ?? '');
  const plan = vendorText(fields['copilot_plan']);
  return {
    secret: vendorText(fields['copilot_token']) ?? null,
    ...(Number.isNaN(endsAtMs) ? {} : { expiresAtMs: endsAtMs }),
    baseUrl: vendorText(fields['copilot_api']) ?? USUAL_API,
    headers: clientHeaders(fields),
    ...(plan === undefined ? {} : { plan }),
  };
}
