/** Where the Web UI shows the workflow of an experiment. */
import { workflowIdOf } from '../experiment';
import type { TemporalService } from './temporal-service';

/** URL of the page; null = it is not known where the Web UI is. */
export function workflowPageOf(
  { uiUrl, namespace }: Pick<TemporalService, 'uiUrl' | 'namespace'>,
  experimentId: string,
): string | null {
  if (uiUrl === null) return null;
  const workflow = encodeURIComponent(workflowIdOf(experimentId));
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${workflow}`;
}
