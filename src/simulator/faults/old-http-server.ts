import type { Exchange } from '../exchange';
import type { Serve } from './fault';

/** An error in the manner of mlx_lm: HTTP/1.0 and no length, so that the end of the connection ends the body. */
export function repliesLikeOldServer(status: string, body: string): Serve {
  return async (exchange: Exchange) => {
    const head = [
      `HTTP/1.0 ${status}`,
      'Server: BaseHTTP/0.6 Python/3.12.4',
      'Content-type: application/json',
    ];
    await exchange.raw(`${head.join('\r\n')}\r\n\r\n${body}`);
    exchange.end();
  };
}
