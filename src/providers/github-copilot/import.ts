import { join } from 'node:path';
import type { AccountImport, ImportedFile, ImportPlaces } from '../../auth/login.ts';
import { isVendorFields, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';
import { createAccount } from './new-account.ts';

/** The login that GitHub's own editor plugins keep. */
export const editorImport: AccountImport = {
  id: 'editor',
  label: 'GitHub Copilot plugins (JetBrains, Neovim, Xcode)',
  files: (places) => ['apps.json', 'hosts.json'].map((file) => join(folderOf(places), 'github-copilot', file)),
  async read(files, io) {
    const tokens = new Set(files.flatMap(tokensOf));
    const accounts = await Promise.allSettled([...tokens].map((token) => createAccount({ access_token: token }, io)));
    const made = accounts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = accounts.find((result) => result.status === 'rejected');
    if (made.length === 0 && failed !== undefined) throw failed.reason;
    // One account may have logged in to several plugins.
    return [...new Map(made.map((account) => [account.recordId, account])).values()];
  },
};

function folderOf({ home, env, platform }: ImportPlaces): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  return env['XDG_CONFIG_HOME'] ?? join(home, '.config');
}

/** `{ "github.com": { user, oauth_token } }`, or `"github.com:<app>"`. Logins of other servers are not ours to use. */
function tokensOf({ path, text }: ImportedFile): readonly string[] {
  let hosts: unknown;
  try {
    hosts = JSON.parse(text);
  } catch (error) {
    throw new ProxyError('invalid_request', `${path} is not JSON`, { cause: error });
  }
  return Object.entries(isVendorFields(hosts) ? hosts : {}).flatMap(([host, login]) => {
    const token = isVendorFields(login) ? vendorText(login['oauth_token']) : undefined;
    return token !== undefined && /^github\.com(:|$)/.test(host) ? [token] : [];
  });
}
