import { changesBetween } from './changes.ts';
import type { Config } from './schema.ts';

/** Of keys that are read once, when the process starts, the paths of those that say something else now. */
export function changedUntilRestart(started: Config, now: Config): readonly string[] {
  const steps = changesBetween(readOnce(started), readOnce(now));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value.paths;
  }
}

function readOnce(config: Config): Partial<Config> {
  return {
    host: config.host,
    port: config.port,
    'body-limit-mb': config['body-limit-mb'],
    'responses-store': config['responses-store'],
    'auth-dir': config['auth-dir'],
    'auth-encryption': config['auth-encryption'],
    'ask-about-accounts': config['ask-about-accounts'],
    'state-store': config['state-store'],
    'save-cooldown-status': config['save-cooldown-status'],
  };
}
