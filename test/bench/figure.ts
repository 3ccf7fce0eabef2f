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
export function costsOf(run: StudyRun): Figure[] {
  const memory = { name: 'memory of the client, peak', value: peakOf(run.client.memoryMiB), unit: 'MiB' };
  return [memory, processorOf(run)];
}

/** Processor time of the client for each narrative. */
export function processorOf({ client, savedAtMs }: StudyRun): Figure {
  const value = ((client.cpuSeconds ?? 0) / savedAtMs.length) * 1000;
  return { name: 'processor of the client', value, unit: 'ms each' };
}
