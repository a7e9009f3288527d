import type { LoginIo, NewAccount } from '../../auth/login.ts';
import { askVendor, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import type { AccountFields } from '../provider.ts';
import { exchange, GITHUB_API, githubHeaders, githubToken } from './exchange.ts';
import { namedMembers } from './headers.ts';
import { askPlan, planMembers } from './quota.ts';

/** An account for a GitHub token, if GitHub gives a Copilot token for it: otherwise it would never serve. */
export async function createAccount(tokens: AccountFields, io: LoginIo): Promise<NewAccount> {
  const fields: AccountFields = { type: 'github-copilot', ...tokens, ...chosenNames(io) };
  const asked = { fetch: io.fetch, signal: io.signal, nowMs: io.now() };
  io.progress('asking GitHub whether the account has Copilot');
  const copilot = await exchange(fields, asked);
  const username = await askName(fields, asked);
  const plan = await askPlan(fields, asked).then(planMembers, () => ({}));
  return {
    recordId: `github-copilot-${username}.json`,
    fields: { ...fields, username, ...copilot, ...plan, timestamp: asked.nowMs },
    label: username,
  };
}

async function askName(fields: AccountFields, io: Parameters<typeof askVendor>[1]): Promise<string> {
  const url = `${GITHUB_API}/user`;
  const answer = await askVendor({ url, headers: githubHeaders(fields), secrets: [githubToken(fields)] }, io);
  const name = vendorText(answer['login']);
  // It becomes part of a file's name.
  if (name !== undefined && /^[\w-]+$/.test(name)) return name;
  throw new ProxyError('upstream_invalid_response', 'api.github.com does not say who the account is');
}

/** What the person wants to be named as, kept with the account: `--option editor-version=...`. */
function chosenNames({ options }: LoginIo): AccountFields {
  return Object.fromEntries(
    namedMembers.flatMap((member) => {
      const value = options[member.replaceAll('_', '-')];
      return value === undefined || value.trim() === '' ? [] : [[member, value.trim()]];
    }),
  );
}
