import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { CallFault } from '../../src/llm/call-fault';
import { readBodyText } from '../../src/llm/read-body';

const TEXT = '{"content": "Zoë said “no”"}';
const MAX = 1024 * 1024;

function faultOf(body: Buffer, encoding: string, maxBytes = MAX): CallFault {
  try {
    readBodyText(body, encoding, maxBytes);
  } catch (error) {
    if (error instanceof CallFault) return error;
    throw error;
  }
  throw new Error('the body was read');
}

describe('readBodyText', () => {
  it.each([
    ['plain', Buffer.from(TEXT), ''],
    ['plain, called compressed', Buffer.from(TEXT), 'gzip'],
    ['gzip', gzipSync(TEXT), 'gzip'],
    ['gzip, called plain', gzipSync(TEXT), ''],
    ['brotli', brotliCompressSync(TEXT), 'br'],
    ['plain, called brotli', Buffer.from(TEXT), 'br'],
    ['deflate', deflateSync(TEXT), ' Deflate '],
  ])('reads a body that is %s', (_case, body, encoding) => {
    expect(readBodyText(body, encoding, MAX)).toBe(TEXT);
  });

  it('is transient where the body is cut', () => {
    const cut = gzipSync(TEXT).subarray(0, 30);
    expect(faultOf(cut, 'gzip')).toMatchObject({ kind: 'transient', category: 'api_error' });
  });

  it('unpacks no more than the largest answer', () => {
    const bomb = gzipSync(Buffer.alloc(8 * MAX));
    expect(faultOf(bomb, 'gzip')).toMatchObject({ kind: 'narrative', category: 'too_large' });
  });
});
