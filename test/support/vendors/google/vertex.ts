/** Vertex AI: tokens for what a service account has signed, and models below projects and locations. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { jwtVerify } from 'jose';
import { sendAnswer } from '../answers.ts';
import { authorization, Ledger, Tokens } from '../ledger.ts';
import { type AccountVendor, sendJson, type VendorRequest } from '../vendor.ts';

const TOKEN_URI = 'https://oauth2.googleapis.com/token';
const MODELS = ['gemini-2.5-flash', 'gemini-2.5-pro'];

/** Vertex AI without service accounts. */
export function createVertexVendor(): AccountVendor {
  const ledger = new Ledger();
  const tokens = new Tokens('ya29');
  const keys = new Map<string, KeyObject>();

  async function grant(request: VendorRequest, reply: ServerResponse): Promise<void> {
    const form = request.form();
    ledger.demand(request, form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'another grant');
    const assertion = form.get('assertion') ?? '';
    const [, claims = ''] = assertion.split('.');
    const { iss } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    const who = String(iss).split('@')[0] ?? '';
    const key = keys.get(who);
    if (key === undefined)
      return void sendJson(reply, 400, { error: 'invalid_grant', error_description: 'account not found' });
    try {
      const { payload, protectedHeader } = await jwtVerify(assertion, key, {
        audience: TOKEN_URI,
        algorithms: ['RS256'],
      });
      ledger.demand(request, payload['scope'] === 'https://www.googleapis.com/auth/cloud-platform', 'another scope');
      ledger.demand(request, protectedHeader.kid === `key-of-${who}`, 'another key');
      ledger.demand(request, Number(payload.exp) - Number(payload.iat) <= 3600, 'would last longer than an hour');
    } catch {
      return void sendJson(reply, 400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
    }
    ledger.counts.refreshes += 1;
    sendJson(reply, 200, { access_token: tokens.issue(who), expires_in: 3599, token_type: 'Bearer' });
  }

  function serve(request: VendorRequest, reply: ServerResponse): void {
    const who = tokens.holder(authorization(request, 'Bearer'));
    if (who === undefined) {
      const message = 'Request had invalid authentication credentials.';
      return void sendJson(reply, 401, { error: { code: 401, message, status: 'UNAUTHENTICATED' } });
    }
    const [, project, location, model = '', action] =
      /^\/v1\/projects\/([\w-]+)\/locations\/([\w-]+)\/publishers\/google\/models\/([\w.-]+):(\w+)$/.exec(
        request.path,
      ) ?? [];
    ledger.demand(request, project === `project-of-${who}`, `project ${project}`);
    ledger.demand(request, request.host === `${location}-aiplatform.googleapis.com`, `location ${location}`);
    ledger.demand(request, MODELS.includes(model), `no model ${model}`);
    ledger.demand(request, Array.isArray(request.json()['contents']), 'no contents');
    if (action === 'countTokens') return void sendJson(reply, 200, { totalTokens: 7 });
    const stream = action === 'streamGenerateContent';
    ledger.demand(request, stream ? request.query.get('alt') === 'sse' : action === 'generateContent', `${action}`);
    if (ledger.isSpent(who)) {
      const message = 'Resource exhausted. Please try again later.';
      return void sendJson(reply, 429, { error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' } });
    }
    ledger.counts.answers += 1;
    sendAnswer(reply, { dialect: 'gemini', model, stream, answer: { text: `Hello ${who}.` } });
  }

  return {
    provider: 'vertex',
    model: 'gemini-2.5-flash',
    hosts: ['oauth2.googleapis.com', 'us-central1-aiplatform.googleapis.com'],
    ...ledger.members(),
    secret(who = 'ann') {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      keys.set(who, publicKey);
      return JSON.stringify({
        type: 'service_account',
        project_id: `project-of-${who}`,
        private_key_id: `key-of-${who}`,
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        client_email: `${who}@project-of-${who}.iam.gserviceaccount.com`,
        token_uri: TOKEN_URI,
      });
    },
    expireTokens: () => tokens.endAll(),
    handle: (request, reply) =>
      request.host === 'oauth2.googleapis.com' ? grant(request, reply) : serve(request, reply),
  };
}
