import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { CallFault } from './call-fault';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * The text of a body, unpacked where a server compressed it unasked. Throws CallFault when it is damaged or unpacks to
 * more than `maxBytes`.
 */
export function readBodyText(body: Buffer, contentEncoding: string, maxBytes: number): string {
  return unpack(body, contentEncoding.trim().toLowerCase(), maxBytes).toString('utf8');
}

/** The header alone proves nothing: proxies add and forget it. */
function unpack(body: Buffer, encoding: string, maxOutputLength: number): Buffer {
  try {
    if (body.subarray(0, 2).equals(GZIP_MAGIC)) return gunzipSync(body, { maxOutputLength });
    if (encoding === 'br' && !looksLikeText(body)) return brotliDecompressSync(body, { maxOutputLength });
    if (encoding === 'deflate' && !looksLikeText(body)) return inflateSync(body, { maxOutputLength });
    return body;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CallFault('the answer is too large', { kind: 'narrative', category: 'too_large' });
    }
    const message = 'the reply is compressed and damaged';
    throw new CallFault(message, { kind: 'transient', category: 'api_error', httpStatus: 200 });
  }
}

function looksLikeText(body: Buffer): boolean {
  return /^\s*[{[<d:]/.test(body.subarray(0, 64).toString('latin1'));
}
