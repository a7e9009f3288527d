/** Google's identity server: the page in the browser, codes with PKCE, refresh tokens that stay, who a token belongs to. */
import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { authorization, type Ledger, Tokens } from '../ledger.ts';
import { sendJson, type VendorRequest } from '../vendor.ts';

/** An app as Google knows it. */
export interface GoogleApp {
  readonly id: string;
  readonly secret: string;
  readonly redirect: RegExp;
  readonly scopes: readonly string[];
}

const SCOPES = 'https://www.googleapis.com/auth/';

interface Grant {
  readonly who: string;
  readonly challenge: string;
  readonly redirect: string;
}

/** The hosts that {@link GoogleIdentity} answers for. */
export const IDENTITY_HOSTS: readonly string[] = [
  'accounts.google.com',
  'oauth2.googleapis.com',
  'www.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'serviceusage.googleapis.com',
];

/** Who may log in to one app, and what they have in Google Cloud. */
export class GoogleIdentity {
  readonly #app: GoogleApp;
  readonly #ledger: Ledger;
  readonly access: Tokens = new Tokens('ya29');
  readonly refresh: Tokens = new Tokens('refresh');
  readonly #codes = new Map<string, Grant>();
  /** Ids of projects by person. */
  readonly projects: Map<string, readonly string[]> = new Map();
  /** Projects for which Code Assist is switched on. */
  readonly enabled: Set<string> = new Set();

  constructor(app: GoogleApp, ledger: Ledger) {
    this.#app = app;
    this.#ledger = ledger;
  }

  /** Plays the person on the page. */
  approve(text: string, who: string): string {
    const url = new URL(text);
    const query = (name: string): string => url.searchParams.get(name) ?? '';
    const demand = (holds: boolean, words: string): void => {
      if (!holds) this.#ledger.complaints.push(`authorize: ${words}`);
    };
    demand(url.origin + url.pathname === 'https://accounts.google.com/o/oauth2/v2/auth', `the page is ${url.pathname}`);
    demand(query('client_id') === this.#app.id, 'another app');
    demand(query('response_type') === 'code', 'no code is asked for');
    demand(this.#app.redirect.test(query('redirect_uri')), `redirect_uri ${query('redirect_uri')}`);
    demand(query('access_type') === 'offline' && query('prompt') === 'consent', 'would get no refresh token');
    demand(query('code_challenge_method') === 'S256' && query('code_challenge') !== '', 'no PKCE');
    demand(query('state').length >= 16, 'the state can be guessed');
    const scopes = query('scope').split(' ');
    demand(
      this.#app.scopes.every((scope) => scopes.includes(SCOPES + scope)),
      `scopes ${query('scope')}`,
    );
    const code = `4/fake-${randomBytes(8).toString('hex')}`;
    this.#codes.set(code, { who, challenge: query('code_challenge'), redirect: query('redirect_uri') });
    const back = new URL(query('redirect_uri'));
    back.searchParams.set('state', query('state'));
    back.searchParams.set('code', code);
    return back.href;
  }

  /** Whose token it is; undefined after an answer of 401. */
  holder(request: VendorRequest, reply: ServerResponse): string | undefined {
    const who = this.access.holder(authorization(request, 'Bearer'));
    if (who !== undefined) return who;
    const message = 'Request had invalid authentication credentials. Expected OAuth 2 access token.';
    sendJson(reply, 401, { error: { code: 401, message, status: 'UNAUTHENTICATED' } });
    return undefined;
  }

  handle(request: VendorRequest, reply: ServerResponse): void {
    if (request.host === 'oauth2.googleapis.com') return void this.#token(request, reply);
    const who = this.holder(request, reply);
    if (who === undefined) return;
    const [, project, verb] =
      /^\/v1\/projects\/([\w-]+)\/services\/cloudaicompanion\.googleapis\.com(:enable)?$/.exec(request.path) ?? [];
    if (request.host === 'www.googleapis.com' && request.path === '/oauth2/v2/userinfo') {
      return void sendJson(reply, 200, { id: '1', email: `${who}@example.test`, verified_email: true });
    }
    if (request.host === 'cloudresourcemanager.googleapis.com') {
      const projects = (this.projects.get(who) ?? []).map((id) => ({
        projectId: id,
        name: `Project ${id}`,
        lifecycleState: 'ACTIVE',
      }));
      return void sendJson(reply, 200, projects.length === 0 ? {} : { projects });
    }
    if (project === undefined) {
      this.#ledger.complain(request, 'is no page');
      return void sendJson(reply, 404, { error: { code: 404, message: 'not found', status: 'NOT_FOUND' } });
    }
    this.#ledger.demand(request, request.method === (verb === undefined ? 'GET' : 'POST'), 'another method');
    if (verb !== undefined) this.enabled.add(project);
    sendJson(
      reply,
      200,
      verb === undefined ? { state: this.enabled.has(project) ? 'ENABLED' : 'DISABLED' } : { done: true },
    );
  }

  #token(request: VendorRequest, reply: ServerResponse): void {
    const form = request.form();
    const wrong = (error: string, words: string): void =>
      sendJson(reply, error === 'invalid_client' ? 401 : 400, { error, error_description: words });
    this.#ledger.demand(request, request.path === '/token' && request.method === 'POST', 'is no page');
    if (form.get('client_id') !== this.#app.id) return void wrong('invalid_client', 'The OAuth client was not found.');
    if (form.get('client_secret') !== this.#app.secret) return void wrong('invalid_client', 'Unauthorized');
    if (form.get('grant_type') === 'refresh_token') return void this.#renew(form, reply, wrong);
    const grant = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    if (grant === undefined) return void wrong('invalid_grant', 'Malformed auth code.');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== grant.challenge) return void wrong('invalid_grant', 'Invalid code verifier.');
    if (form.get('redirect_uri') !== grant.redirect) return void wrong('redirect_uri_mismatch', 'Bad Request');
    sendJson(reply, 200, { ...this.#answer(grant.who), refresh_token: this.refresh.issue(grant.who) });
  }

  /** Refresh tokens stay as they are. */
  #renew(form: URLSearchParams, reply: ServerResponse, wrong: (error: string, words: string) => void): void {
    const who = this.refresh.holder(form.get('refresh_token') ?? undefined);
    if (who === undefined) return void wrong('invalid_grant', 'Token has been expired or revoked.');
    this.#ledger.counts.refreshes += 1;
    sendJson(reply, 200, this.#answer(who));
  }

  #answer(who: string): Record<string, unknown> {
    const scope = this.#app.scopes.map((name) => SCOPES + name).join(' ');
    return { access_token: this.access.issue(who), expires_in: 3599, scope, token_type: 'Bearer' };
  }
}
