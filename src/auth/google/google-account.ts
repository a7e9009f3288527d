/** What Google says of a person and their projects. */
import { ProxyError } from '../../errors.ts';
import {
  askVendor,
  callVendor,
  type VendorAnswer,
  type VendorFields,
  type VendorIo,
  vendorList,
  vendorRefusal,
  vendorText,
} from '../vendor-api.ts';

/** Where people log in. https://developers.google.com/identity/protocols/oauth2/native-app */
export const GOOGLE_AUTHORIZE_URL = 'https://accounts.google.com/o/oauth2/v2/auth';
/** Where codes and refresh tokens are exchanged. */
export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';

const SCOPES = 'https://www.googleapis.com/auth/';
/** What Code Assist needs of a person. */
export const GOOGLE_SCOPES: readonly string[] = ['cloud-platform', 'userinfo.email', 'userinfo.profile'].map(
  (name) => SCOPES + name,
);
/** The scope of that name. */
export function googleScope(name: string): string {
  return SCOPES + name;
}

/** A project of the person. */
export interface GoogleProject {
  readonly id: string;
  readonly name: string;
}

/** Projects of large companies are many; nobody chooses from more. */
const MAX_PAGES = 10;

/** The person's mail address. Throws ProxyError. */
export async function googleEmail(token: string, io: VendorIo): Promise<string> {
  const url = 'https://www.googleapis.com/oauth2/v2/userinfo?alt=json';
  const email = vendorText((await askVendor(signed({ url }, token), io))['email']);
  if (email === undefined) throw new ProxyError('upstream_invalid_response', 'Google did not tell the mail address');
  return email;
}

/** The projects that the person can use; none where Google does not tell. Throws ProxyError when it cannot be reached. */
export async function googleProjects(token: string, io: VendorIo): Promise<readonly GoogleProject[]> {
  const found: GoogleProject[] = [];
  let page = '';
  for (let count = 0; count < MAX_PAGES; count++) {
    const query = page === '' ? '' : `?pageToken=${encodeURIComponent(page)}`;
    const url = `https://cloudresourcemanager.googleapis.com/v1/projects${query}`;
    const answer = await callVendor(signed({ url }, token), io);
    // People without a Cloud account have no projects, and no right to ask.
    if (!answer.ok && answer.status < 500) return found;
    if (!answer.ok) throw vendorRefusal({ url, secrets: [token] }, answer);
    found.push(...projectsIn(answer));
    page = vendorText(fieldsIn(answer)['nextPageToken']) ?? '';
    if (page === '') break;
  }
  return found;
}

/** Switches an API on for a project, unless it is already. Throws ProxyError. */
export async function enableGoogleApi(project: string, service: string, token: string, io: VendorIo): Promise<void> {
  const url = `https://serviceusage.googleapis.com/v1/projects/${encodeURIComponent(project)}/services/${service}`;
  const state = await callVendor(signed({ url }, token), io);
  if (state.ok && fieldsIn(state)['state'] === 'ENABLED') return;
  const call = { ...signed({ url: `${url}:enable` }, token), json: {} };
  const answer = await callVendor(call, io);
  if (answer.ok || (answer.status === 400 && /already enabled/i.test(answer.text))) return;
  throw vendorRefusal(call, answer);
}

function projectsIn(answer: VendorAnswer): readonly GoogleProject[] {
  return vendorList(fieldsIn(answer)['projects']).flatMap((project) => {
    const id = vendorText(project['projectId']);
    const isActive = (project['lifecycleState'] ?? 'ACTIVE') === 'ACTIVE';
    return id === undefined || !isActive ? [] : { id, name: vendorText(project['name']) ?? id };
  });
}

function fieldsIn({ body }: VendorAnswer): VendorFields {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function signed<T extends object>(call: T, token: string): T & { headers: Record<string, string>; secrets: string[] } {
  return { ...call, headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}
