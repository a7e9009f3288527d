import { SseParser } from '../framing/sse.ts';
import { parseJsonObject } from '../ir/read.ts';

/** Whether whole events say their type in their data only. */
export function needsEventNames(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  return /^data:.*"type"/m.test(text) && !/^event:/m.test(text);
}

/** Whole events, each named after the `type` in its data. */
export function nameEvents(bytes: Buffer): Buffer {
  const parser = new SseParser();
  const frames = [...parser.push(bytes), ...parser.end()];
  return Buffer.from(frames.map(({ event, data }) => frameOf(event ?? typeOf(data), data)).join(''));
}

function typeOf(data: string): string | undefined {
  const type = parseJsonObject(data)?.['type'];
  return typeof type === 'string' ? type : undefined;
}

function frameOf(name: string | undefined, data: string): string {
  const lines = data
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('');
  return `${name === undefined ? '' : `event: ${name}\n`}${lines}\n`;
}
