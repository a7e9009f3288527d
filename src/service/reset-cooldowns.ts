import type { Credential } from '../credentials/credential.ts';
import type { CredentialManager } from '../credentials/manager.ts';
import type { EndedCooldown, ResetQuestion } from '../management/reset-route.ts';
import type { Router } from '../routing/route.ts';

/** What cooldowns are looked up in. */
export interface ResetSource {
  readonly manager: Pick<CredentialManager, 'snapshot' | 'reset' | 'resetAll'>;
  readonly roster: { readonly credentials: ReadonlyMap<string, Credential>; readonly router: Pick<Router, 'route'> };
}

/**
 * Ends cooldowns and tells which; undefined: there is no such credential. One for all models of a credential keeps every
 * model of it from being used, and ends with any of them. Throws `model_not_found`.
 */
export function resetCooldowns(
  { credential, model }: ResetQuestion,
  { manager, roster }: ResetSource,
): readonly EndedCooldown[] | undefined {
  const before = manager.snapshot();
  if (credential === undefined && model === undefined) manager.resetAll();
  else {
    const ids = credential === undefined ? undefined : idsOf(credential, roster.credentials);
    if (ids?.size === 0) return undefined;
    for (const [id, name] of placesOf(ids, model, roster)) manager.reset(id, name);
  }
  const left = new Set(manager.snapshot().map(nameOf));
  return before
    .filter((state) => !left.has(nameOf(state)))
    .map(({ credentialId, model: place }) => ({ credentialId, model: place }));
}

/** Credentials know a model by the name that its provider has for it. */
function placesOf(
  ids: ReadonlySet<string> | undefined,
  model: string | undefined,
  { router }: ResetSource['roster'],
): readonly (readonly [string, string | undefined])[] {
  if (model === undefined) return [...(ids ?? [])].map((id) => [id, undefined]);
  return router
    .route(model)
    .filter((target) => ids === undefined || ids.has(target.credential.id))
    .map((target) => [target.credential.id, target.model]);
}

function idsOf(name: string, credentials: ReadonlyMap<string, Credential>): ReadonlySet<string> {
  if (credentials.has(name)) return new Set([name]);
  const named = [...credentials.values()].filter(
    ({ recordId, label }) => label === name || recordId === name || recordId === `${name}.json`,
  );
  return new Set(named.map(({ id }) => id));
}

function nameOf({ credentialId, model }: EndedCooldown): string {
  return `${credentialId} ${model ?? ''}`;
}
