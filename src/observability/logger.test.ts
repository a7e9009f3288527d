import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors.ts';
import { createLogger, type LogLevel, type RootLogger } from './logger.ts';
import { createRedactor, REDACTED } from './redact.ts';
import { logRequest, type RequestRecord } from './request-record.ts';

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
  dialect: 'openai-chat',
  operation: 'generate',
  model: 'm',
  stream: true,
  status: 200,
  durationMs: 12.4,
  attempts: 1,
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
    ['success', record, 'debug'],
    ['client fault', { ...record, status: 400, error: { code: 'invalid_request', message: 'no' } }, 'debug'],
    ['client gone', { ...record, status: 499, error: { code: 'client_closed', message: 'gone' } }, 'debug'],
    ['rate limit', { ...record, status: 429, error: { code: 'upstream_rate_limited', message: 'slow' } }, 'warn'],
    ['broken stream', { ...record, error: { code: 'upstream_stream_truncated', message: 'cut' } }, 'warn'],
  ] as const)('%s', (_name, entry, level) => {
    const { logger, lines } = capture('debug');
    logRequest(logger, entry);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ level, requestId: 'r1', status: entry.status });
  });

  it('says why, and logs the cause of an internal error', () => {
    const { logger, lines } = capture('info');
    logRequest(logger, record);
    logRequest(logger, {
      ...record,
      status: 500,
      error: { code: 'internal', message: 'oops', cause: new Error('deep') },
    });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ msg: 'm 500: oops', code: 'internal', error: { message: 'deep' } });
  });
});
