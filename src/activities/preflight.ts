/** Before the first call: is there a model server, and is its key at hand? Nothing is asked and no text is sent. */
import { CallFault } from '../llm/call-fault';
import type { ActivityDependencies } from './dependencies';
import { blockedBy } from './blocked-by';
import { experimentBlocked } from './failure';

/** Throws the failure that pauses the experiment when no call could succeed. */
export async function preflight(
  { models }: Pick<ActivityDependencies, 'models'>,
  experimentId: string,
): Promise<void> {
  const { client, endpoint, apiKey, origin } = models.of(experimentId);
  if (endpoint.apiKeyEnv !== null && apiKey === null) {
    throw experimentBlocked(`the environment variable ${endpoint.apiKeyEnv} (model.api_key_env) is not set`);
  }
  try {
    await client.checkReachable();
  } catch (error) {
    if (error instanceof CallFault) throw experimentBlocked(blockedBy(error, origin));
    throw error;
  }
}
