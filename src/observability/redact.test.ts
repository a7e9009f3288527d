import { describe, expect, it } from 'vitest';
import { createRedactor, REDACTED } from './redact.ts';

const SECRET = 'S3cr3t-value_of.a+key/42==';

describe('known secrets', () => {
  it.each([
    ['bare', `prefix ${SECRET} suffix`],
    ['glued to words', `x${SECRET}y`],
    ['in JSON', JSON.stringify({ note: SECRET })],
    ['percent-encoded', `http://h/p?q=${encodeURIComponent(SECRET)}&r=1`],
  ])('are masked %s', (_name, text) => {
    const redactor = createRedactor();
    redactor.register(SECRET);
    const masked = redactor.redact(text);
    expect(masked).toContain(REDACTED);
    expect(masked).not.toContain(SECRET);
    expect(masked).not.toContain(encodeURIComponent(SECRET));
  });

  it('are masked in JSON inside JSON, quotes and backslashes and all', () => {
    const secret = 'quote"back\\slash-1234';
    const redactor = createRedactor();
    redactor.register(secret);
    const line = JSON.stringify({ body: JSON.stringify({ secret: secret }) });
    expect(JSON.parse(redactor.redact(line))).toEqual({ body: `{"secret":"${REDACTED}"}` });
  });

  it('prefer the longer of two that begin alike, and leave no rest of it', () => {
    const redactor = createRedactor();
    redactor.register('abcdefgh', 'abcdefgh-ijkl');
    expect(redactor.redact('abcdefgh-ijkl abcdefgh')).toBe(`${REDACTED} ${REDACTED}`);
  });

  it('stay masked until forgotten as often as registered', () => {
    const redactor = createRedactor();
    redactor.register('abcdefgh', 'abcdefgh');
    redactor.forget('abcdefgh');
    expect(redactor.redact('abcdefgh')).toBe(REDACTED);
    redactor.forget('abcdefgh');
    expect(redactor.redact('abcdefgh')).toBe('abcdefgh');
  });

  it.each([1, 40, 3000])('are masked whether there are few or many: %i', (count) => {
    const redactor = createRedactor();
    const secrets = Array.from({ length: count }, (_, index) => `S3cr3t.${index}-(with)+more/`);
    redactor.register(...secrets);
    const text = secrets.slice(-3).map((secret) => `${secret} ${encodeURIComponent(secret)}`);
    expect(redactor.redact(JSON.stringify(text))).toBe(JSON.stringify(text.map(() => `${REDACTED} ${REDACTED}`)));
    redactor.forget(...secrets);
    expect(redactor.redact(JSON.stringify(text))).toBe(JSON.stringify(text));
  });

  it('shorter than 8 characters do not mask words', () => {
    const redactor = createRedactor();
    redactor.register('test');
    expect(redactor.redact('a test, Bearer test')).toBe(`a test, Bearer ${REDACTED}`);
  });
});

describe('shapes of secrets', () => {
  it.each([
    ['OpenAI key', 'invalid key sk-proj-abcdEFGH1234_-x provided', 'abcdEFGH1234'],
    ['masked start of a Claude key', 'sk-ant-api03-QQQQQQQQQQ', 'QQQQ'],
    ['Google key', 'AIzaSyA-1234567890_abcdefghijklmnop', '1234567890'],
    ['Google access token', 'ya29.a0AfH6SMBx_y-z', 'a0AfH6'],
    ['GitHub token', 'ghu_abcdefghijklmnop1234', 'abcdefgh'],
    ['JWT', 'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl', 'c2lnbmF0'],
    ['bearer', 'sent authorization with bearer tok.en-1/2+3=', 'tok.en'],
    ['query key', 'GET /v1beta/models?key=hunter2hunter2&alt=sse', 'hunter2'],
    ['query auth_token', 'GET /v1/models?auth_token=hunter2', 'hunter2'],
    ['header line', 'x-api-key: hunter2 hunter3', 'hunter'],
    ['header in JSON', '{"x-goog-api-key":"hunter2","b":1}', 'hunter2'],
    ['header in JSON in JSON', '{"body":"{\\"Authorization\\":\\"Basic aHVudGVy hunter\\"}"}', 'aHVudGVy'],
    ['token field', '{"refresh_token":"1//hunter2","accessToken": "hunter2"}', 'hunter2'],
    ['proxy URL', 'via socks5://user:hunter2@10.0.0.1:1080', 'hunter2'],
  ])('%s', (_name, text, secret) => {
    const masked = createRedactor().redact(text);
    expect(masked).toContain(REDACTED);
    expect(masked).not.toContain(secret);
  });

  it('leaves JSON valid and the rest of the line alone', () => {
    const line = '{"headers":{"authorization":"Bearer abc","x-api-key":"def"},"url":"/v1?key=1234&alt=sse","n":3}';
    expect(JSON.parse(createRedactor().redact(line))).toEqual({
      headers: { authorization: REDACTED, 'x-api-key': REDACTED },
      url: `/v1?key=${REDACTED}&alt=sse`,
      n: 3,
    });
  });

  it.each([
    'claude-sonnet-4-5 200 in 31 ms',
    'monkey=banana, tokens: 12, keyboard: yes',
    'http://127.0.0.1:8317/v1/chat/completions',
  ])('leaves %s alone', (text) => {
    expect(createRedactor().redact(text)).toBe(text);
  });

  it('takes linear time on hostile text', () => {
    const started = performance.now();
    for (const unit of ['key=', 'bearer ', '//a:', 'eyJaaaaaaaa.', 'sk-', '"authorization', '\\']) {
      createRedactor().redact(unit.repeat(20_000));
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
