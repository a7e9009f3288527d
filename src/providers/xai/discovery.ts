import { askVendor, type VendorIo, vendorText } from '../../auth/vendor-api.ts';
import { ProxyError } from '../../errors.ts';

const PAGE = 'https://auth.x.ai/.well-known/openid-configuration';
/** Known endpoints; they are asked for again and again while a person types. */
const known = new WeakMap<typeof fetch, Promise<Readonly<Record<string, unknown>>>>();

/** Endpoints that the provider's page names. */
export type Discovered = 'device_authorization_endpoint' | 'token_endpoint';

/** Where the provider says today. Throws ProxyError. */
export async function discovered(endpoint: Discovered, io: VendorIo): Promise<string> {
  const url = vendorText((await page(io))[endpoint]);
  if (url === undefined)
    throw new ProxyError('upstream_invalid_response', `${PAGE} names no ${endpoint.replaceAll('_', ' ')}`);
  return ofProvider(url);
}

function page(io: VendorIo): Promise<Readonly<Record<string, unknown>>> {
  const asked = known.get(io.fetch) ?? askVendor({ url: PAGE }, io);
  known.set(io.fetch, asked);
  asked.catch(() => known.delete(io.fetch));
  return asked;
}

/** Codes and tokens go to nobody else, whatever the page says. */
function ofProvider(url: string): string {
  const { protocol, hostname } = URL.parse(url) ?? {};
  if (protocol !== 'https:') throw new ProxyError('upstream_rejected', `${PAGE} is not used: expected an https URL`);
  if (hostname === 'x.ai' || hostname?.endsWith('.x.ai') === true) return url;
  throw new ProxyError('upstream_rejected', `${PAGE} is not used: it names a host that is not of x.ai`);
}
