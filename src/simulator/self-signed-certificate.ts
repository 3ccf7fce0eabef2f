/**
 * A key and a certificate for 127.0.0.1 that nobody else signed, made anew for each server: what a caller meets who
 * trusts the usual authorities only. Written in DER by hand, since Node makes keys but no certificates.
 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const VALID_MS = 24 * 60 * 60 * 1000;
const ECDSA_WITH_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];

/** Both as PEM. */
export function createSelfSignedCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const content = contentOf(publicKey);
  const signature = sign('sha256', content, privateKey);
  const certificate = sequence(content, sequence(Buffer.from(ECDSA_WITH_SHA256)), bitString(signature));
  const lines = certificate
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** Serial number, algorithm, issuer, time, subject and key: what gets signed. */
function contentOf(publicKey: KeyObject): Buffer {
  const name = sequence(der(0x31, sequence(Buffer.from(COMMON_NAME), der(0x0c, Buffer.from('127.0.0.1')))));
  const now = Date.now();
  return sequence(
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    sequence(Buffer.from(ECDSA_WITH_SHA256)),
    name,
    sequence(time(now - VALID_MS), time(now + VALID_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
  return der(0x18, Buffer.from(`${digits}Z`));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function bitString(bits: Buffer): Buffer {
  return der(0x03, Buffer.of(0), bits);
}

/** One value: its tag, its length, its bytes. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const { length } = bytes;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), bytes]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), bytes]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), bytes]);
}
