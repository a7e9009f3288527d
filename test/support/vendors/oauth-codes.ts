/** Authorization codes with PKCE (RFC 7636), checked as strictly as the vendors' own servers do. */
import { createHash, randomBytes } from 'node:crypto';

interface Granted {
  readonly who: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly state: string;
}

/** What an exchange says of its code. */
export interface Exchange {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

/** Codes that were given and not exchanged yet. */
export class OauthCodes {
  readonly #granted = new Map<string, Granted>();

  /** The person says yes on that page: where the browser is sent, and what was wrong with the page's address. */
  approve(
    page: string,
    who: string,
    expected: Readonly<Record<string, string>>,
  ): { back: string; problems: readonly string[] } {
    const { searchParams: query } = new URL(page);
    const problems = Object.entries({ ...expected, response_type: 'code', code_challenge_method: 'S256' })
      .filter(([name, value]) => query.get(name) !== value)
      .map(([name]) => `the page was asked for with ${name}=${query.get(name)}`);
    const [redirectUri = '', challenge = '', state = ''] = ['redirect_uri', 'code_challenge', 'state'].map(
      (name) => query.get(name) ?? '',
    );
    if (!/^[\w-]{43}$/.test(challenge)) problems.push('code_challenge is no SHA-256');
    if (state.length < 16) problems.push('state can be guessed');
    const code = `fake-code-${randomBytes(6).toString('hex')}`;
    this.#granted.set(code, { who, redirectUri, challenge, state });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', state);
    return { back: back.href, problems };
  }

  /** A code that comes with its verifier, as OpenAI's device login has it. */
  grant(
    who: string,
    redirectUri: string,
    verifier: string,
  ): { readonly authorization_code: string; readonly code_challenge: string } {
    const code = `fake-code-${randomBytes(6).toString('hex')}`;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    this.#granted.set(code, { who, redirectUri, challenge, state: '' });
    return { authorization_code: code, code_challenge: challenge };
  }

  /** Takes a code once; the second time, or with another verifier or address, it is none. */
  exchange({ code, redirectUri, verifier }: Exchange): { readonly who: string; readonly state: string } | string {
    const granted = this.#granted.get(code);
    this.#granted.delete(code);
    if (granted === undefined) return 'the code is unknown or used';
    if (granted.redirectUri !== redirectUri) return `the code was given for ${granted.redirectUri}`;
    if (!/^[\w.~-]{43,128}$/.test(verifier)) return 'the verifier is none';
    if (createHash('sha256').update(verifier).digest('base64url') !== granted.challenge) return 'the verifier is wrong';
    return { who: granted.who, state: granted.state };
  }
}

/** A JSON Web Token as identity servers give them; nobody here checks the signature. */
export function fakeJwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT', kid: 'fake' })}.${part(claims)}.ZmFrZQ`;
}
