import { explainRoute } from '../management/explain-route.ts';
import { createGate, type GateSettings } from '../management/gate.ts';
import { createKeyCheck } from '../management/key-check.ts';
import { loginRoutes } from '../management/logins/login-routes.ts';
import { createManagement, type Management } from '../management/management.ts';
import { metricsRoute } from '../management/metrics-route.ts';
import { createLoginDoor, type LoginDoor } from '../management/pages/login-door.ts';
import { createPageKeys } from '../management/pages/page-keys.ts';
import { resetRoute } from '../management/reset-route.ts';
import { statusRoute } from '../management/status-route.ts';
import { PROMETHEUS_TYPE, prometheusText } from '../observability/prometheus.ts';
import type { ExplainQuestion } from './explanation.ts';
import type { AccountStore } from './open-accounts.ts';
import { resetCooldowns } from './reset-cooldowns.ts';
import type { Runtime } from './runtime.ts';
import type { Current } from './snapshot.ts';
import { openWebLogins } from './web/open-web-logins.ts';

/** What the management API shows and does. */
export interface ManagementParts {
  status(): object;
  explain(question: ExplainQuestion): object;
  /** Where logins from browsers are kept; absent: nowhere, and there are none. */
  readonly store?: AccountStore | undefined;
}

/** What is served to whoever has the management key. */
export interface OpenedManagement {
  readonly manage: Management;
  readonly loginPages: LoginDoor | undefined;
  /** The gateway listens there now. */
  listensAt(url: string): void;
  /** Gives up logins under way. */
  close(): void;
}

/** The management API of a gateway; its keys are those of the current configuration. */
export function openManagement(current: Current, runtime: Runtime, parts: ManagementParts): OpenedManagement {
  const { clock, env, metrics, manager } = runtime;
  const nowMs = (): number => clock.now();
  const settings = (): GateSettings => {
    const { 'secret-key': key, 'allow-remote': allowRemote } = current.snapshot.config['remote-management'];
    return { key, password: env['MANAGEMENT_PASSWORD'], allowRemote };
  };
  const gate = createGate({ settings, matchesHash: createKeyCheck(), nowMs });
  const logins = parts.store && openWebLogins(current, runtime, parts.store);
  const manage = createManagement(gate, [
    ...(logins === undefined ? [] : loginRoutes(logins, nowMs)),
    statusRoute(() => parts.status()),
    explainRoute((question) => parts.explain(question)),
    resetRoute((question) => resetCooldowns(question, { manager, roster: current.snapshot.roster })),
    metricsRoute({
      snapshot: () => ({ requests: metrics.snapshot(), servers: manager.health.snapshot() }),
      text: () => prometheusText(metrics.snapshot()),
      textType: PROMETHEUS_TYPE,
    }),
  ]);
  const keys = createPageKeys({ nowMs, keyMark: () => settings().key });
  const allowRemote = (): boolean => settings().allowRemote;
  return {
    manage,
    loginPages: logins && createLoginDoor({ gate, logins, keys, allowRemote }),
    listensAt: (url) => logins?.listensAt(url),
    close: () => logins?.close(),
  };
}
