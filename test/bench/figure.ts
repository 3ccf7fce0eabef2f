/** What a scenario of the benchmark gives. */
import { peakOf } from './run-client';
import type { StudyRun } from './study-run';

/** One figure of a run; `least` or `most` is what must hold for the median of all runs. */
export interface Figure {
  name: string;
  value: number;
  unit?: string;
  least?: number;
  most?: number;
}

/** What a run of a scenario gave; `run` is there where its course is worth a plot. */
export interface Outcome {
  figures: Figure[];
  run?: StudyRun;
}

export type Scenario = (amount: number | undefined) => Promise<Outcome>;

/** What a run cost: memory, and processor time for each narrative. */
export function costsOf({ client, savedAtMs }: StudyRun): Figure[] {
  return [
    { name: 'memory of the client, peak', value: peakOf(client.memoryMiB), unit: 'MiB' },
    {
      name: 'processor of the client',
      value: ((client.cpuSeconds ?? 0) / savedAtMs.length) * 1000,
      unit: 'ms each',
    },
  ];
}
