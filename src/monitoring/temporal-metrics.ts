/** The metrics of Temporal's SDK, which serves them on a port of its own: read from there and put behind ours. */
import { request } from 'undici';

const ANSWER_WITHIN_MS = 2000;

/** Their text; a comment that says so where they cannot be had. */
export async function readTemporalMetrics(address: string): Promise<string> {
  try {
    const { statusCode, body } = await request(`http://${address}/metrics`, {
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS,
    });
    const text = await body.text();
    if (statusCode === 200) return text;
  } catch {
    // as below
  }
  return "# The metrics of Temporal's SDK cannot be read now.\n";
}
