import { ProxyError } from '../index.ts';
import { UsageError } from './usage-error.ts';

/** What to print when the start fails, and the exit code: 2 for what the user can repair, 1 for our own faults. */
export interface StartError {
  readonly line: string;
  readonly exitCode: 1 | 2;
}

/** One clear line for an error during the start; `address` is what the listener was to bind. */
export function explainStartError(error: unknown, address: { host: string; port: number } | undefined): StartError {
  if (error instanceof ProxyError && error.code === 'invalid_config') {
    return { line: `llmproxy: ${error.message}`, exitCode: 2 };
  }
  const host = address?.host === '' ? 'every interface' : (address?.host ?? '');
  const where = `port ${address?.port ?? ''} on ${host}`;
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return { line: `llmproxy: ${where} is in use; stop the other program or choose another --port`, exitCode: 2 };
    case 'EACCES':
      return { line: `llmproxy: no permission to listen on ${where}; choose a --port above 1023`, exitCode: 2 };
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return { line: `llmproxy: ${host} is not an address of this machine; choose another --host`, exitCode: 2 };
    default:
      return {
        line: `llmproxy: cannot start: ${error instanceof Error ? error.message : 'unknown error'}`,
        exitCode: 1,
      };
  }
}

/** The same for a command that listens nowhere. */
export function explainFailure(error: unknown): StartError {
  const words = error instanceof Error ? error.message : 'unknown error';
  const isWrong = error instanceof UsageError || (error instanceof ProxyError && error.code === 'invalid_config');
  return { line: `llmproxy: ${words}`, exitCode: isWrong ? 2 : 1 };
}

function systemCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string' && /^E[A-Z]+$/.test(current.code)) return current.code;
  }
  return undefined;
}
