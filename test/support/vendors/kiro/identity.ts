/** Who is logged in at Amazon and at Kiro's own service, and how that is renewed. */
import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Ledger, Tokens } from '../ledger.ts';
import { sendJson, type VendorRequest } from '../vendor.ts';

const SCOPES = 'completions,analysis,conversations,transformations,taskassist'
  .split(',')
  .map((scope) => `codewhisperer:${scope}`);

/** Somebody's account of one of the two kinds. */
export interface Holder {
  readonly who: string;
  readonly kind: 'amazon' | 'social';
}

interface Grant {
  readonly who: string;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly clientId: string;
}

/** The two identity services. */
export class KiroIdentity {
  readonly access: Tokens = new Tokens('kiro-access');
  readonly #ledger: Ledger;
  readonly #refresh = new Tokens('kiro-refresh');
  /** Renewed tokens, and with which app of Amazon's they were made. */
  readonly #apps = new Map<string, { readonly secret: string; readonly redirectUris: readonly unknown[] }>();
  readonly #appOf = new Map<string, string>();
  readonly #grants = new Map<string, Grant>();
  readonly #devices = new Map<string, string>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** `amazon:ann` */
  holder(token: string | undefined): Holder | undefined {
    const [kind, who = ''] = this.access.holder(token)?.split(':') ?? [];
    return kind === 'amazon' || kind === 'social' ? { kind, who } : undefined;
  }

  /** A refresh token of Kiro's own service. */
  socialToken(who: string): string {
    return this.#refresh.issue(`social:${who}`);
  }

  /** The person at the page. */
  approve(address: string, who: string): string {
    const url = new URL(address);
    const query = url.searchParams;
    const text = (name: string): string => query.get(name) ?? '';
    const isSocial = url.pathname === '/login';
    const clientId = text('client_id');
    const wanted = isSocial
      ? /^(?:Google|Github)$/.test(text('idp'))
      : this.#isRegistered(clientId, text('redirect_uri'));
    const isWhole = isSocial || (text('response_type') === 'code' && text('scopes') === SCOPES.join(','));
    if (!wanted || !isWhole || text('code_challenge_method') !== 'S256' || text('code_challenge').length < 43)
      this.#ledger.complaints.push(`the address of the login is wrong: ${address}`);
    const code = `fake-code-${randomBytes(6).toString('hex')}`;
    const redirectUri = text('redirect_uri');
    this.#grants.set(code, { who, challenge: text('code_challenge'), redirectUri, clientId });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', text('state'));
    return back.href;
  }

  #isRegistered(clientId: string, redirectUri: string): boolean {
    return this.#apps.get(clientId)?.redirectUris.includes(redirectUri) === true;
  }

  amazon(request: VendorRequest, reply: ServerResponse): void {
    const body = request.json();
    switch (`${request.method} ${request.path}`) {
      case 'POST /client/register':
        return void this.#register(request, body, reply);
      case 'POST /device_authorization':
        return void this.#device(request, body, reply);
      case 'POST /token':
        return void this.#token(request, body, reply);
      case 'GET /userinfo':
        return void sendJson(reply, 403, { message: 'forbidden' });
      default:
        this.#ledger.complain(request, 'is no page');
        sendJson(reply, 404, { message: 'not found' });
    }
  }

  #register(request: VendorRequest, body: Record<string, unknown>, reply: ServerResponse): void {
    const grants = JSON.stringify(body['grantTypes']);
    const isCode = grants === '["authorization_code","refresh_token"]';
    const isDevice = grants === '["urn:ietf:params:oauth:grant-type:device_code","refresh_token"]';
    const redirectUris = Array.isArray(body['redirectUris']) ? body['redirectUris'] : [];
    this.#ledger.demand(request, isCode || isDevice, `the grants ${grants}`);
    this.#ledger.demand(request, isCode === redirectUris.length > 0, 'redirects that do not fit the grants');
    this.#ledger.demand(request, !isCode || typeof body['issuerUrl'] === 'string', 'no issuerUrl');
    this.#ledger.demand(request, body['clientType'] === 'public', 'no public client');
    this.#ledger.demand(request, body['clientName'] === 'llmproxy', `the name ${String(body['clientName'])}`);
    this.#ledger.demand(request, JSON.stringify(body['scopes']) === JSON.stringify(SCOPES), 'other scopes');
    const clientId = `fake-app-${randomBytes(4).toString('hex')}`;
    const clientSecret = `fake-app-secret-${randomBytes(8).toString('hex')}`;
    this.#apps.set(clientId, { secret: clientSecret, redirectUris });
    sendJson(reply, 200, { clientId, clientSecret, clientIdIssuedAt: 1, clientSecretExpiresAt: 4_000_000_000 });
  }

  #isApp(body: Record<string, unknown>): boolean {
    const app = this.#apps.get(String(body['clientId']));
    return app !== undefined && app.secret === body['clientSecret'];
  }

  #device(request: VendorRequest, body: Record<string, unknown>, reply: ServerResponse): void {
    if (!this.#isApp(body)) return void sendJson(reply, 401, { error: 'invalid_client' });
    this.#ledger.demand(request, /^https:\/\/[\w.-]+\/start$/.test(String(body['startUrl'])), 'no startUrl');
    const { deviceCode, userCode } = this.#ledger.codes.begin();
    this.#devices.set(deviceCode, String(body['clientId']));
    const verificationUri = 'https://device.sso.us-east-1.amazonaws.com/';
    const verificationUriComplete = `${verificationUri}?user_code=${userCode}`;
    sendJson(reply, 200, {
      deviceCode,
      userCode,
      verificationUri,
      verificationUriComplete,
      expiresIn: 600,
      interval: 1,
    });
  }

  #token(request: VendorRequest, body: Record<string, unknown>, reply: ServerResponse): void {
    const clientId = String(body['clientId']);
    if (!this.#isApp(body)) return void sendJson(reply, 401, { error: 'invalid_client' });
    switch (body['grantType']) {
      case 'urn:ietf:params:oauth:grant-type:device_code': {
        const deviceCode = String(body['deviceCode']);
        if (this.#devices.get(deviceCode) !== clientId) this.#ledger.complain(request, 'a code of another app');
        const verdict = this.#ledger.codes.poll(deviceCode);
        if (typeof verdict === 'string') return void sendJson(reply, 400, { error: verdict });
        return void this.#grantAmazon(verdict.who, clientId, reply);
      }
      case 'authorization_code': {
        const who = this.#redeem(request, body['code'], body['codeVerifier'], body['redirectUri'], clientId);
        if (who === undefined) return void sendJson(reply, 400, { error: 'invalid_grant' });
        return void this.#grantAmazon(who, clientId, reply);
      }
      case 'refresh_token': {
        const token = String(body['refreshToken']);
        const holder = this.#refresh.holder(token);
        if (holder === undefined || this.#appOf.get(token) !== clientId) {
          this.#ledger.complain(request, 'a refresh token that is not of this app');
          return void sendJson(reply, 400, { error: 'invalid_grant', error_description: 'Invalid refresh token' });
        }
        this.#ledger.counts.refreshes += 1;
        // It stays as it is, and is not repeated.
        return void sendJson(reply, 200, {
          accessToken: this.access.issue(holder),
          tokenType: 'Bearer',
          expiresIn: 3600,
        });
      }
      default:
        this.#ledger.complain(request, `the grant ${String(body['grantType'])}`);
        sendJson(reply, 400, { error: 'unsupported_grant_type' });
    }
  }

  #grantAmazon(who: string, clientId: string, reply: ServerResponse): void {
    const refreshToken = this.#refresh.issue(`amazon:${who}`);
    this.#appOf.set(refreshToken, clientId);
    const accessToken = this.access.issue(`amazon:${who}`);
    sendJson(reply, 200, { accessToken, refreshToken, tokenType: 'Bearer', expiresIn: 3600 });
  }

  #redeem(
    request: VendorRequest,
    code: unknown,
    verifier: unknown,
    redirectUri: unknown,
    clientId: string,
  ): string | undefined {
    const grant = this.#grants.get(String(code));
    this.#grants.delete(String(code));
    const digest = createHash('sha256').update(String(verifier)).digest('base64url');
    const isRight = grant?.challenge === digest && grant.redirectUri === redirectUri && grant.clientId === clientId;
    this.#ledger.demand(request, isRight, 'a wrong code, verifier, redirect or app');
    return isRight ? grant?.who : undefined;
  }

  social(request: VendorRequest, reply: ServerResponse, profileArn: string): void {
    const body = request.json();
    const grant = (who: string): void => {
      const accessToken = this.access.issue(`social:${who}`);
      sendJson(reply, 200, { accessToken, refreshToken: this.socialToken(who), profileArn, expiresIn: 3600 });
    };
    switch (`${request.method} ${request.path}`) {
      case 'POST /oauth/token': {
        const who = this.#redeem(request, body['code'], body['code_verifier'], body['redirect_uri'], '');
        if (who === undefined) return void sendJson(reply, 400, { message: 'bad code' });
        return void grant(who);
      }
      case 'POST /refreshToken': {
        const token = String(body['refreshToken']);
        const holder = this.#refresh.holder(token);
        if (holder === undefined || !holder.startsWith('social:')) {
          this.#ledger.complain(request, this.#refresh.knows(token) ? 'a spent refresh token' : 'no refresh token');
          return void sendJson(reply, 401, { message: 'Bad credentials' });
        }
        this.#ledger.counts.refreshes += 1;
        this.#refresh.end(token);
        return void grant(holder.slice('social:'.length));
      }
      default:
        this.#ledger.complain(request, 'is no page');
        sendJson(reply, 404, { message: 'not found' });
    }
  }
}
