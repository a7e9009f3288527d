import type { LoginMethod } from '../../auth/login.ts';
import type { WebMethod, WebProvider } from '../../management/logins/web-logins.ts';
import type { Manifest } from '../../providers/provider.ts';
import { webNames } from '../../providers/web-names.ts';

/** The providers that one can log in to, by the names that control panels use. */
export function webProviders(manifests: readonly Manifest[]): readonly WebProvider[] {
  return manifests.flatMap((manifest) => {
    const { logins = [], imports = [], notices = [] } = manifest.account ?? {};
    if (logins.length === 0 && imports.length === 0) return [];
    const names = webNames.find(({ provider }) => provider === manifest.id);
    const name = names?.name ?? manifest.id;
    const provider: WebProvider = {
      id: manifest.id,
      name,
      label: manifest.label,
      aliases: names?.aliases ?? [],
      callbackName: names?.callback ?? name,
      notices,
      methods: logins.map(webMethod),
      imports: imports.map(({ id, label }) => ({ id, label })),
      ...(names?.methods === undefined ? {} : { namedMethods: names.methods }),
    };
    return [provider];
  });
}

function webMethod(method: LoginMethod): WebMethod {
  const { id, label, type, asks = [] } = method;
  return { id, label, type, asks, ...('prompt' in method ? { prompt: method.prompt } : {}) };
}
