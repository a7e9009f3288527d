/** What is found out about a new account, as far as anybody tells. */
import type { LoginIo, NewAccount } from '../../auth/login.ts';
import { whileLogin } from '../../auth/login-tokens.ts';
import { askVendor, isVendorFields, type VendorIo, vendorText } from '../../auth/vendor-api.ts';
import type { AccountFields } from '../provider.ts';
import { discoverProfile, usageLimits } from './management.ts';
import { checkedRegion, oidcUrl } from './places.ts';
import { isAmazon, newAccount } from './record.ts';

/** Completes the record of a login: whose it is, and its profile. A service that does not say it stops no login. */
export async function identified(fields: AccountFields, io: LoginIo): Promise<NewAccount> {
  const ask = <T>(run: (vendor: VendorIo) => Promise<T>): Promise<T | undefined> =>
    whileLogin(io, (signal) => run({ fetch: io.fetch, signal })).catch(() => undefined);
  const lacksProfile = !isAmazon(fields) && vendorText(fields['profile_arn']) === undefined;
  const found = lacksProfile ? await ask((vendor) => discoverProfile(fields, vendor)) : undefined;
  const known: AccountFields = { ...fields, ...(found !== undefined && { profile_arn: found }) };
  const limits = await ask((vendor) => usageLimits(known, vendor));
  const user = isVendorFields(limits?.['userInfo']) ? limits['userInfo'] : {};
  const email =
    vendorText(known['email']) ?? vendorText(user['email']) ?? (await ask((vendor) => infoEmail(known, vendor)));
  const userId = vendorText(user['userId']);
  const notes =
    lacksProfile && found === undefined
      ? [
          'The service did not tell the profile of this account; it may refuse requests until profile_arn is in its record.',
        ]
      : [];
  return newAccount(
    { ...known, ...(email !== undefined && { email }), ...(userId !== undefined && { user_id: userId }) },
    notes,
  );
}

async function infoEmail(fields: AccountFields, io: VendorIo): Promise<string | undefined> {
  if (!isAmazon(fields)) return undefined;
  const token = vendorText(fields['access_token']) ?? '';
  const url = `${oidcUrl(checkedRegion(vendorText(fields['region'])))}/userinfo`;
  const info = await askVendor({ url, headers: { authorization: `Bearer ${token}` }, secrets: [token] }, io);
  return vendorText(info['email']) ?? vendorText(info['preferred_username']);
}
