import { ProxyError } from '../../errors.ts';
import { type ManagementAnswer, type ManagementRequest, refuse } from '../answer.ts';
import type { ManagementRoute } from '../management.ts';
import type { WebLogins, WebMethod, WebProvider } from './web-logins.ts';

const MAX_BYTES = 256 * 1024;

/** `POST /<name>/import`: logs in with a file, for providers that give people one. */
export function importRoutes(logins: WebLogins): readonly ManagementRoute[] {
  return logins.providers.flatMap((provider) => {
    const method = provider.methods.find(({ type }) => type === 'file');
    return method === undefined ? [] : [importRoute(logins, provider, method)];
  });
}

function importRoute(logins: WebLogins, provider: WebProvider, method: WebMethod): ManagementRoute {
  return {
    method: 'POST',
    path: `/${provider.name}/import`,
    async answer(request) {
      try {
        return await importFile(logins, provider, method, request);
      } catch (error) {
        if (error instanceof ProxyError) return refuse(error.status, error.message);
        throw error;
      }
    },
  };
}

async function importFile(
  logins: WebLogins,
  { name }: WebProvider,
  { id, asks }: WebMethod,
  request: ManagementRequest,
): Promise<ManagementAnswer> {
  const form = await formOf(request);
  const file = form?.get('file');
  const text = file instanceof Blob ? await file.text() : (file ?? '');
  if (form === undefined || text.trim() === '') return refuse(400, 'file required');
  const options = Object.fromEntries(
    asks.flatMap((ask) => {
      const value = form.get(ask.name) ?? request.query?.(ask.name);
      return typeof value === 'string' && value.trim() !== '' ? [[ask.name, value.trim()] as const] : [];
    }),
  );
  const saved = await logins.bring({ name, method: id, options }, text);
  const { file: path, projectId = '', email = '', location = '' } = saved;
  return { status: 200, body: { status: 'ok', 'auth-file': path, project_id: projectId, email, location } };
}

/** Undefined: the body is no form. */
async function formOf({ headers, body }: ManagementRequest): Promise<FormData | undefined> {
  const type = headers['content-type'];
  if (typeof type !== 'string' || body === undefined) return undefined;
  const bytes = await body(MAX_BYTES);
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    return undefined;
  }
}
