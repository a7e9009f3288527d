/** Writes AWS event streams for simulated vendors; shares no code with the product's reader. */
import { crc32 } from 'node:zlib';

/** A header with its type on the wire. */
export type HeaderToWrite =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'byte' | 'short' | 'int'; readonly value: number }
  | { readonly type: 'long' | 'timestamp'; readonly value: bigint }
  | { readonly type: 'bytes' | 'uuid'; readonly value: Buffer }
  | { readonly type: 'string'; readonly value: string };

/** One message: prelude, headers, payload, both checksums. */
export function awsMessage(
  headers: Readonly<Record<string, HeaderToWrite | string>>,
  payload: Buffer | string,
): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => headerBytes(name, value)));
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const front = Buffer.concat([prelude, sum(prelude), head, body]);
  return Buffer.concat([front, sum(front)]);
}

/** An event as Amazon's services write it. */
export function awsEvent(type: string, payload: unknown): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' };
  return awsMessage(headers, JSON.stringify(payload));
}

/** A failure amid a stream. */
export function awsException(type: string, payload: unknown): Buffer {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return awsMessage(headers, JSON.stringify(payload));
}

function sum(bytes: Buffer): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(crc32(bytes));
  return out;
}

function headerBytes(name: string, header: HeaderToWrite | string): Buffer {
  const value = typeof header === 'string' ? ({ type: 'string', value: header } as const) : header;
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), valueBytes(value)]);
}

function valueBytes(header: HeaderToWrite): Buffer {
  switch (header.type) {
    case 'bool':
      return Buffer.from([header.value ? 0 : 1]);
    case 'byte':
      return Buffer.from([2, header.value & 0xff]);
    case 'short':
      return Buffer.from([3, (header.value >> 8) & 0xff, header.value & 0xff]);
    case 'int': {
      const out = Buffer.from([4, 0, 0, 0, 0]);
      out.writeInt32BE(header.value, 1);
      return out;
    }
    case 'long':
    case 'timestamp': {
      const out = Buffer.alloc(9, header.type === 'long' ? 5 : 8);
      out.writeBigInt64BE(header.value, 1);
      return out;
    }
    case 'bytes':
      return sized(6, header.value);
    case 'string':
      return sized(7, Buffer.from(header.value));
    case 'uuid':
      return Buffer.concat([Buffer.from([9]), header.value]);
  }
}

function sized(type: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
