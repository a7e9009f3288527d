import { explainRoute } from '../management/explain-route.ts';
import { createGate } from '../management/gate.ts';
import { createKeyCheck } from '../management/key-check.ts';
import { createManagement, type Management } from '../management/management.ts';
import { metricsRoute } from '../management/metrics-route.ts';
import { resetRoute } from '../management/reset-route.ts';
import { statusRoute } from '../management/status-route.ts';
import { PROMETHEUS_TYPE, prometheusText } from '../observability/prometheus.ts';
import type { ExplainQuestion } from './explanation.ts';
import { resetCooldowns } from './reset-cooldowns.ts';
import type { Runtime } from './runtime.ts';
import type { Current } from './snapshot.ts';

/** What the management API shows and does. */
export interface ManagementParts {
  status(): object;
  explain(question: ExplainQuestion): object;
}

/** The management API of a gateway; its keys are those of the current configuration. */
export function openManagement(current: Current, runtime: Runtime, parts: ManagementParts): Management {
  const { clock, env, metrics, manager } = runtime;
  const gate = createGate({
    settings() {
      const settings = current.snapshot.config['remote-management'];
      return {
        key: settings['secret-key'],
        password: env['MANAGEMENT_PASSWORD'],
        allowRemote: settings['allow-remote'],
      };
    },
    matchesHash: createKeyCheck(),
    nowMs: () => clock.now(),
  });
  return createManagement(gate, [
    statusRoute(() => parts.status()),
    explainRoute((question) => parts.explain(question)),
    resetRoute((question) => resetCooldowns(question, { manager, roster: current.snapshot.roster })),
    metricsRoute({
      snapshot: () => ({ requests: metrics.snapshot(), servers: manager.health.snapshot() }),
      text: () => prometheusText(metrics.snapshot()),
      textType: PROMETHEUS_TYPE,
    }),
  ]);
}
