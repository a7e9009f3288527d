import { synthesize } from '../config/credentials.ts';
import type { LoadedConfig } from '../config/parse.ts';
import { finishSteps } from '../pipeline/steps.ts';
import { providers } from '../providers/index.ts';
import type { Environment } from '../upstream/proxy-environment.ts';
import { explainModel } from './explain.ts';
import type { ExplainQuestion, Explanation } from './explanation.ts';
import { openAccounts } from './open-accounts.ts';
import { openRuntime } from './runtime.ts';
import { snapshotSteps } from './snapshot.ts';
import { recallState } from './state.ts';

/**
 * Explains from the configuration, the accounts and the state that the last process kept, without a running gateway.
 * Throws as `LlmProxy.explain` does.
 */
export async function explainStored(
  { config: loaded, env }: { readonly config: LoadedConfig; readonly env: Environment },
  question: ExplainQuestion,
): Promise<Explanation> {
  // What there is to tell is in the explanation.
  const config = { ...loaded.config, 'log-level': 'silent' as const };
  const runtime = openRuntime(config, env);
  const store = await openAccounts(config, runtime);
  const accounts = store?.accounts;
  try {
    const found = synthesize(config, providers, env);
    const snapshot = finishSteps(snapshotSteps({ loaded: { ...loaded, config }, found, accounts }, runtime));
    runtime.adopt(snapshot);
    await recallState(config, runtime, store?.questions.stateSources ?? []);
    return explainModel(question, { snapshot, accounts, runtime, from: 'stored' });
  } finally {
    await store?.close();
    await runtime.close();
  }
}
