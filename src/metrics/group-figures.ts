/** How many of the answers of each group say yes. Pure. */
import { share, type Share } from './share';

/** One group; `detected` is over its answers. */
export interface Group {
  value: string;
  detected: Share;
}

/** Remembers two counts a group. */
export class GroupFigures {
  private readonly groups = new Map<string, { n: number; nDetected: number }>();

  get size(): number {
    return this.groups.size;
  }

  add(value: string, detected: 0 | 1): void {
    const group = this.groups.get(value);
    if (group === undefined) this.groups.set(value, { n: 1, nDetected: detected });
    else {
      group.n += 1;
      group.nDetected += detected;
    }
  }

  /** The groups in the order of their values, numbers by size. */
  list(): Group[] {
    return [...this.groups]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([value, { n, nDetected }]) => ({ value, detected: share(nDetected, n) }));
  }
}
