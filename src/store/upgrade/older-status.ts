/** How an older experiment stands here. Pure. */
import type { ExperimentStatus } from '../../experiment';
import { textOf, type OlderRow } from './older-experiment';

/** Begins the reason of every experiment that an upgrade left unfinished: it goes on only when it is named. */
export const OLDER_PROGRAM = 'older program';

/** The status and its reason; `completed` is kept only where every narrative of the list has a result. */
export function olderStatus(
  older: OlderRow,
  { nTotal, nResults, nErrors }: { nTotal: number; nResults: number; nErrors: number },
): { status: ExperimentStatus; reason: string | null } {
  const reason = textOf(older, 'status_reason') ?? OLDER_PROGRAM;
  switch (textOf(older, 'status') ?? '') {
    case 'completed': {
      const nMissing = nTotal - nResults;
      if (nMissing > 0) {
        return {
          status: 'paused',
          reason: `${OLDER_PROGRAM}: it ended there with ${nMissing} results missing`,
        };
      }
      return { status: nErrors > 0 ? 'completed_with_errors' : 'completed', reason: null };
    }
    case 'failed':
      return { status: 'failed', reason };
    case 'cancelled':
      return { status: 'cancelled', reason };
    default:
      return { status: 'paused', reason };
  }
}
