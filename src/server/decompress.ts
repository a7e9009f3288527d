import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { ProxyError } from '../errors.ts';
import { type BodyReceiver, bodyTooLarge, emptyBody } from './body.ts';

/** Undoes `Content-Encoding` off the main thread. The output is bounded: a small bomb cannot fill the memory. */
export function decompress(encoding: string, body: Buffer, limitBytes: number, receive: BodyReceiver): void {
  const name = encoding.trim().toLowerCase();
  const options = { maxOutputLength: limitBytes, chunkSize: 64 * 1024 };
  const done = (error: Error | null, output: Buffer): void => {
    if (error === null) receive(undefined, output);
    else receive(failure(error, name, limitBytes), emptyBody);
  };
  switch (name) {
    case '':
    case 'identity':
      receive(undefined, body);
      return;
    case 'zstd':
      zstdDecompress(body, options, done);
      return;
    case 'gzip':
    case 'x-gzip':
      gunzip(body, options, done);
      return;
    case 'br':
      brotliDecompress(body, options, done);
      return;
    case 'deflate':
      if (hasZlibHeader(body)) inflate(body, options, done);
      else inflateRaw(body, options, done);
      return;
    default:
      receive(
        new ProxyError('unsupported_encoding', 'content-encoding must be one of zstd, gzip, br, deflate, identity'),
        emptyBody,
      );
  }
}

/** The standard says zlib; some clients send the bare deflate stream. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && (body.readUInt8(0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

function failure(error: Error, encoding: string, limitBytes: number): ProxyError {
  if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return bodyTooLarge(limitBytes);
  return new ProxyError('invalid_request', `the request body is not valid ${encoding}`, { cause: error });
}
