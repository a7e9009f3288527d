/** A secret of this login and its public digest (RFC 7636). */
export interface ProofKey {
  readonly verifier: string;
  readonly parameters: { readonly code_challenge: string; readonly code_challenge_method: 'S256' };
}

/** Makes a pair for one login; the library is loaded when somebody logs in, not at every start. */
export async function createProofKey(): Promise<ProofKey> {
  const { calculatePKCECodeChallenge, generateRandomCodeVerifier } = await import('oauth4webapi');
  const verifier = generateRandomCodeVerifier();
  const challenge = await calculatePKCECodeChallenge(verifier);
  return { verifier, parameters: { code_challenge: challenge, code_challenge_method: 'S256' } };
}

/** A random name of a login, 43 characters of base64url. */
export async function createState(): Promise<string> {
  const { generateRandomState } = await import('oauth4webapi');
  return generateRandomState();
}
