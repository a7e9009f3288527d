import type { Credential } from './credential.ts';

/** Names of headers whose values are secret. */
const SECRET_HEADER = /auth|key|token|secret|cookie|passw|credential/i;
/** Shorter values are words; masking them would garble every text. */
const MIN_LENGTH = 8;

/** Everything secret that belongs to a credential: its key, secret-looking header values, the proxy's password. */
export function secretsOf({ secret, headers, proxyUrl }: Credential): readonly string[] {
  const values = Object.entries(headers)
    .filter(([name, value]) => SECRET_HEADER.test(name) && !value.startsWith('$'))
    .map(([, value]) => value.replace(/^(?:bearer|basic)\s+/i, ''));
  return [secret ?? '', ...values, proxyPassword(proxyUrl)].filter((value) => value.length >= MIN_LENGTH);
}

/** The password in a proxy URL; '' when there is none. */
export function proxyPassword(proxyUrl: string | undefined): string {
  const password = proxyUrl === undefined ? '' : (URL.parse(proxyUrl)?.password ?? '');
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
