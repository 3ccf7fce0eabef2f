/** Posts a document to a webhook on an allowed host: twice at most, and a second time only where the first did not arrive. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { findWebhookFault } from '../config/check-notify';
import { connectToAllowed, isAddressAllowed, isLoopbackUrl } from '../llm/connect-to-allowed';

const TRY_AGAIN_AFTER_MS = 2000;

/** Where to, as far as it is allowed. */
export interface Webhook {
  /** undefined = its variable is not set. */
  url: string | undefined;
  allowedHosts: readonly string[];
}

/** Resolves when it was taken. Throws an error that does not show the URL, which may be a secret. */
export async function postWebhook(
  { url, allowedHosts }: Webhook,
  body: string,
  deadlineMs: number,
): Promise<void> {
  const fault = findWebhookFault(url, allowedHosts);
  if (fault !== null) throw new Error(`the webhook is not called: ${fault}`);
  const first = await post(new URL(url!), body, deadlineMs);
  if (first === null) return;
  if (!first.mayBeRepeated) throw new Error(first.message);
  await sleep(TRY_AGAIN_AFTER_MS);
  const second = await post(new URL(url!), body, deadlineMs);
  if (second !== null) throw new Error(second.message);
}

interface PostFault {
  message: string;
  /** Whether it cannot have arrived. */
  mayBeRepeated: boolean;
}

async function post(url: URL, body: string, deadlineMs: number): Promise<PostFault | null> {
  const agent = new Agent({
    connect: connectToAllowed((address) => isAddressAllowed(address, isLoopbackUrl(url))),
  });
  try {
    const { statusCode, body: reply } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      dispatcher: agent,
      signal: AbortSignal.timeout(deadlineMs),
    });
    void reply.dump().catch(() => undefined);
    if (statusCode >= 200 && statusCode < 300) return null;
    const message = `the webhook at ${url.origin} answered ${statusCode}`;
    return { message, mayBeRepeated: statusCode === 429 || statusCode >= 500 };
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    if (name === 'TimeoutError') {
      const message = `the webhook at ${url.origin} did not answer within ${deadlineMs / 1000} s`;
      return { message, mayBeRepeated: false };
    }
    const message = `the webhook at ${url.origin} cannot be reached (${code ?? name})`;
    return { message, mayBeRepeated: code === 'ECONNREFUSED' || code === 'ENOTFOUND' };
  } finally {
    void agent.destroy().catch(() => undefined);
  }
}
