/** A throw-away certificate, made while a test runs: no key lies in the repository and no openssl is needed. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A server's key and its certificate, both PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

const oid = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  subjectAltName: [0x55, 0x1d, 0x11],
} as const;

/** Makes a certificate for these host names and IPv4 addresses that signs itself; valid for an hour either way. */
export function makeSelfSigned(hosts: readonly string[] = ['127.0.0.1', 'localhost']): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(der(0x06, oid.ecdsaWithSha256));
  // One name in all of them would make two certificates look like two versions of the same authority.
  const name = distinguishedName(`llmproxy test ${randomBytes(4).toString('hex')}`);
  const content = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x01, ...randomBytes(8)]),
    algorithm,
    name,
    sequence(utcTime(Date.now() - 3_600_000), utcTime(Date.now() + 3_600_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(der(0x06, oid.subjectAltName), der(0x04, alternativeNames(hosts))))),
  );
  const signature = sign('sha256', content, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(sequence(content, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])))),
  };
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(der(0x06, oid.commonName), der(0x0c, Buffer.from(commonName)))));
}

function alternativeNames(hosts: readonly string[]): Buffer {
  return sequence(
    ...hosts.map((host) =>
      isIPv4(host) ? der(0x87, host.split('.').map(Number)) : der(0x82, Buffer.from(host, 'ascii')),
    ),
  );
}

function utcTime(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** One DER value: tag, length, content. */
function der(tag: number, content: Buffer | readonly number[]): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), Buffer.from(content)]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
