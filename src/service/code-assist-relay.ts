import { askVendor, isVendorFields } from '../auth/vendor-api.ts';
import { toProxyError } from '../errors.ts';
import type { JsonObject } from '../ir/index.ts';
import { servedManifest } from '../routing/served-manifest.ts';
import { createFetch } from '../upstream/fetch.ts';
import type { Runtime } from './runtime.ts';
import type { Current } from './snapshot.ts';

/** Answers a method of Code Assist as the provider does for one of the accounts; undefined: nobody can, or it failed. */
export type CodeAssistRelay = (method: string, body: JsonObject) => Promise<JsonObject | undefined>;

/** Clients wait for it before they start. */
const TIMEOUT_MS = 10_000;
/** Where requests name the project: that of the account takes its place. */
const PROJECTS = ['project', 'cloudaicompanionProject'];

/** Asks for the accounts of the configuration in use. What the client sent along to identify itself goes nowhere. */
export function createCodeAssistRelay(current: Current, { logger }: Pick<Runtime, 'logger'>): CodeAssistRelay {
  return async (method, body) => {
    const { roster, manifests, upstream } = current.snapshot;
    for (const credential of roster.credentials.values()) {
      const provider = manifests.find(({ id }) => id === credential.provider);
      if (provider?.account?.relays?.includes(method) !== true || credential.kind !== 'account') continue;
      const { secret = '', proxyUrl, parameters } = credential;
      const call = {
        url: `${credential.baseUrl ?? servedManifest(provider, credential).baseUrl}/v1internal:${method}`,
        headers: { authorization: `Bearer ${secret}` },
        json: inProject(body, parameters?.['project']),
        secrets: [secret],
      };
      try {
        const fetch = createFetch(() => upstream.dispatchers, proxyUrl);
        const answer: unknown = await askVendor(call, { fetch, signal: AbortSignal.timeout(TIMEOUT_MS) });
        // A client that is told of no tier does not start, whatever else the gateway could serve.
        if (isJson(answer) && (method !== 'loadCodeAssist' || isVendorFields(answer['currentTier']))) return answer;
      } catch (error) {
        logger.debug({ account: credential.label }, `Code Assist's ${method}: ${toProxyError(error).message}`);
      }
      return undefined;
    }
    return undefined;
  };
}

function inProject(body: JsonObject, project: string | undefined): JsonObject {
  const { metadata, ...rest } = body;
  const named = Object.keys(rest).filter((name) => PROJECTS.includes(name));
  const own = Object.fromEntries(named.map((name) => [name, project]));
  if (!isVendorFields(metadata)) return { ...rest, ...own };
  const { duetProject: _, ...told } = metadata;
  return { ...rest, ...own, metadata: told };
}

/** Whatever was parsed from JSON. */
function isJson(value: unknown): value is JsonObject {
  return isVendorFields(value);
}
