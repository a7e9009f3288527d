/** What an answer's first bytes show it to be, whatever its `content-type` says. */
export type BodyKind = 'json' | 'html' | 'other';

const BOM = [0xef, 0xbb, 0xbf];

/** Undefined while there is only white space. */
export function bodyKind(bytes: Buffer): BodyKind | undefined {
  switch (bytes.find((byte) => byte > 0x20 && !BOM.includes(byte))) {
    case undefined:
      return undefined;
    case 0x7b:
    case 0x5b:
      return 'json';
    case 0x3c:
      return 'html';
    default:
      return 'other';
  }
}

/** The first bytes that are not only white space, without a byte order mark, or the rest of one, at their beginning. */
export function withoutBom(bytes: Buffer): Buffer {
  return bytes.subarray(
    Math.max(
      0,
      bytes.findIndex((byte) => !BOM.includes(byte)),
    ),
  );
}

/** Whether these bytes of a stream only keep the connection open. Looks at no more than the first of a real event. */
export function isKeepAlive(bytes: Buffer): boolean {
  return bytes[0] === 0x3a || (bytes.length < 64 && (bytes.includes('ping') || bytes.toString('latin1').trim() === ''));
}
