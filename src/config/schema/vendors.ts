import { z } from 'zod';
import { duration, field, section } from './field.ts';

const off = (description: string): z.ZodType => field(z.boolean().default(false), 'later', description);
const evasion = (schema: z.ZodType, description: string): z.ZodType => field(schema, 'never', description);
const anything = z.unknown().optional();

const relay = section({
  enabled: off('Relay media.'),
  'max-sessions': field(z.number().int().default(32), 'later', 'Sessions at the same time.'),
  'disable-private-remote-ips': off('Refuse private addresses.'),
  'allow-private-remote-ips': off('Allow private addresses.'),
  'public-ip': field(z.string().default(''), 'later', 'Address to announce.'),
  'udp-port-min': field(z.number().int().default(0), 'later', 'First UDP port.'),
  'udp-port-max': field(z.number().int().default(0), 'later', 'Last UDP port.'),
  'ice-servers': field(z.array(z.record(z.string(), z.unknown())).default([]), 'later', 'STUN and TURN servers.'),
});

/** Behaviour towards single providers. */
export const vendorShape: Readonly<Record<string, z.ZodType>> = {
  codex: field(
    section({
      'identity-confuse': evasion(z.boolean().default(false), 'Replace identifiers of the client.'),
      'disable-codex-cloaking': evasion(z.boolean().default(false), 'Do not pretend to be the official client.'),
      'stream-bootstrap-buffering': field(
        z.boolean().default(false),
        'never',
        'Hold the first events back so that an overload can fail over.',
        { note: 'has no effect: the first events of every stream are held back' },
      ),
      'optimize-multi-agent-v2': off('Rewrite the tools of multi-agent requests.'),
      'orphan-delegation-compatibility': off('Repair delegation results without a call.'),
      'model-level-cooling': off('A used-up limit pauses the model, not the account.'),
      'live-media-relay': field(relay, 'later', 'Relay of realtime media.'),
    }),
    'now',
    'Codex.',
  ),
  'claude-code': field(
    section({ 'disable-cloaking-model-list': evasion(z.boolean().default(false), 'List real model names.') }),
    'now',
    'Claude Code.',
  ),
  antigravity: field(
    section({
      'sensitive-words': evasion(z.array(z.string()).default([]), 'Words to obfuscate.'),
      'connection-pool': field(z.record(z.string(), z.unknown()).default({}), 'never', 'Upstream connections.', {
        note: 'has no effect: connections are always pooled',
      }),
    }),
    'now',
    'Antigravity.',
  ),
  xai: field(section({ 'inject-x-search': off('Offer the x_search tool when the client does not.') }), 'now', 'xAI.'),
  'disable-claude-cloak-mode': evasion(z.boolean().default(false), 'Do not disguise requests.'),
  'claude-header-defaults': evasion(z.record(z.string(), z.unknown()).default({}), 'Headers of another client.'),
  'codex-header-defaults': evasion(z.record(z.string(), z.unknown()).default({}), 'Headers of another client.'),
  'antigravity-signature-cache-enabled': field(
    z.boolean().default(true),
    'later',
    'Prefer remembered reasoning signatures.',
  ),
  'antigravity-signature-bypass-strict': off('Check signatures of the client fully.'),
  'gpt-image-2-base-model': field(z.string().default(''), 'later', 'Model that calls the hosted image tool.'),
  'video-result-auth-cache-ttl': field(duration('3h'), 'later', 'How long a video stays bound to its credential.'),
  kiro: field(anything, 'later', 'Kiro accounts.'),
  'kiro-preferred-endpoint': field(z.string().default(''), 'later', 'Endpoint of Kiro accounts: ide or cli.'),
  'kiro-fingerprint': evasion(anything, 'Fingerprint of another client.'),
  'incognito-browser': off('Log in in a private browser window.'),
  cursor: field(anything, 'later', 'Cursor accounts.'),
  ampcode: field(anything, 'later', 'Amp.'),
  'amp-code': field(anything, 'later', 'Amp.'),
  'amp-upstream-url': field(anything, 'never', 'Amp.', { note: 'has no effect: it was replaced by ampcode' }),
  'amp-upstream-api-key': field(anything, 'never', 'Amp.', { note: 'has no effect: it was replaced by ampcode' }),
  'amp-restrict-management-to-localhost': field(anything, 'never', 'Amp.', {
    note: 'has no effect: it was replaced by ampcode',
  }),
  'amp-model-mappings': field(anything, 'never', 'Amp.', { note: 'has no effect: it was replaced by ampcode' }),
  auth: field(anything, 'never', 'Client keys of old files.', { note: 'has no effect: use api-keys' }),
  'generative-language-api-key': field(anything, 'never', 'Gemini keys of old files.', {
    note: 'has no effect: use gemini-api-key',
  }),
  'responses-websocket-enabled': field(z.boolean().default(true), 'later', 'Serve the Responses websocket.'),
};
