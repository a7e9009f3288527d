/** Where Amazon's and Kiro's servers are, and where they may not be. */
import { isIP } from 'node:net';
import { ProxyError } from '../../errors.ts';

/** Where Kiro is at home. */
export const HOME_REGION = 'us-east-1';
/** Of personal accounts. */
export const BUILDER_START_URL = 'https://view.awsapps.com/start';
/** Where logins with Google and GitHub are. */
export const DESKTOP_AUTH = 'https://prod.us-east-1.auth.desktop.kiro.dev';

const REGION = /^[a-z]{2}(?:-[a-z0-9]+)+-\d+$/;
const MAX_REGION = 32;

/** A region of AWS. It becomes part of a host name: throws ProxyError for anything else. */
export function checkedRegion(text: string | undefined): string {
  if (text === undefined) return HOME_REGION;
  if (text.length <= MAX_REGION && REGION.test(text)) return text;
  throw new ProxyError('invalid_request', 'the region is none of AWS; it looks like "us-east-1"');
}

/** Amazon's identity server. */
export function oidcUrl(region: string): string {
  return `https://oidc.${region}.amazonaws.com`;
}

/** Where is asked about accounts. */
export function managementUrl(region: string): string {
  return `https://codewhisperer.${region}.amazonaws.com`;
}

/** The start page of an organisation. It goes to Amazon, and into the record: throws ProxyError for no public web page. */
export function checkedStartUrl(text: string | undefined): string {
  if (text === undefined)
    throw new ProxyError('invalid_request', 'say the start URL of your organisation (option start-url)');
  const url = URL.parse(text.trim());
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || isPrivate(url.hostname))
    throw new ProxyError('invalid_request', 'the start URL must be a public https address without a user name');
  return url.href.replace(/\/$/, '');
}

/** Identity Center's pages have names, and never addresses. */
function isPrivate(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) !== 0 || !bare.includes('.') || /(?:^|\.)(?:localhost|local|internal)\.?$/i.test(bare);
}

/** The region in `arn:aws:codewhisperer:us-east-1:123:profile/X`. */
export function regionOfArn(arn: string | undefined): string | undefined {
  const region = arn?.split(':')[3];
  return region !== undefined && REGION.test(region) ? region : undefined;
}
