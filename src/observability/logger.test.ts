import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import type { FinishedExchange } from '../pipeline/options.ts';
import { createLogger, type LogLevel, type RootLogger } from './logger.ts';
import { createRedactor, REDACTED } from './redact.ts';
import { logRequest, logsRequest, type RequestRecord } from './request-record.ts';

const SECRET = 'client-key-1234567890';

function capture(level: LogLevel): { logger: RootLogger; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const redactor = createRedactor();
  redactor.register(SECRET);
  const logger = createLogger({ level, redactor, sink: (line) => written.push(line) });
  return { logger, lines: () => written.map((line) => JSON.parse(line)), text: () => written.join('') };
}

const record: RequestRecord = {
  requestId: 'r1',
  operation: 'generate',
  principal: 'key:01234567',
  clientDialect: 'openai-chat',
  upstreamDialect: undefined,
  provider: undefined,
  credentialId: undefined,
  upstreamModel: undefined,
  requestedModel: 'm',
  stream: true,
  status: 200,
  errorCode: undefined,
  attempts: 1,
  latencyMs: 12.4,
  ttfbMs: undefined,
  usage: undefined,
  warnings: [],
};

describe('createLogger', () => {
  it('masks secrets in the message, in any field and in causes', () => {
    const { logger, lines, text } = capture('info');
    const cause = new Error(`refused ${SECRET}`);
    const error = new ProxyError('upstream_failed', `bad ${SECRET}`, { cause });
    logger.error({ deep: { list: [SECRET] }, [SECRET]: 1, error }, `key ${SECRET} failed`);
    expect(text()).not.toContain(SECRET);
    expect(lines()[0]).toMatchObject({ level: 'error', msg: `key ${REDACTED} failed`, deep: { list: [REDACTED] } });
    expect(text()).toContain('refused');
  });

  it('keeps to its level, which can change', () => {
    const { logger, lines } = capture('warn');
    logger.info({}, 'no');
    logger.setLevel('debug');
    logger.debug({}, 'yes');
    expect(lines().map((line) => line['msg'])).toEqual(['yes']);
    expect([logger.enabled('debug'), logger.enabled('trace')]).toEqual([true, false]);
  });

  it('writes to a descriptor in the background and completely on flush', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'llmproxy-log-')), 'log');
    const fd = openSync(path, 'w');
    const logger = createLogger({ level: 'info', redactor: createRedactor(), fd });
    for (let index = 0; index < 100; index++) logger.info({ index }, 'line');
    logger.flush();
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).index)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    closeSync(fd);
  });
});

describe('logRequest', () => {
  it.each([
    ['success', 200, undefined, 'debug'],
    ['client fault', 400, 'invalid_request', 'debug'],
    ['client gone', 499, 'client_closed', 'debug'],
    ['rate limit', 429, 'upstream_rate_limited', 'warn'],
    ['broken stream', 200, 'upstream_stream_truncated', 'warn'],
  ] as const)('%s', (_name, status, errorCode, level) => {
    const { logger, lines } = capture('debug');
    logRequest(logger, { ...record, status, errorCode });
    expect(logsRequest(logger, errorCode)).toBe(true);
    expect(logsRequest(capture('error').logger, errorCode)).toBe(false);
    expect(logsRequest(capture('info').logger, errorCode)).toBe(level === 'warn');
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ level, requestId: 'r1', status });
  });

  it('accepts what the pipeline reports', () => {
    const { logger, lines } = capture('debug');
    const finished: FinishedExchange = { ...record, error: undefined };
    logRequest(logger, finished);
    expect(lines()[0]).toMatchObject({ msg: 'm 200 in 12 ms', principal: 'key:01234567' });
  });

  it('says why, and logs the cause of an internal error', () => {
    const { logger, lines } = capture('info');
    logRequest(logger, record);
    const error = new ProxyError('internal', 'oops', { cause: new Error('deep') });
    logRequest(logger, { ...record, status: 500, errorCode: 'internal', error });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ msg: 'm 500 in 12 ms: oops', error: { message: 'deep' } });
  });
});
