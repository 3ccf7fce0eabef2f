import { AttributeRhythm } from '../../src/activities/attribute-rhythm';
import type { ExperimentStatus } from '../../src/experiment';
import type { ExperimentRow } from '../../src/store/experiments';

function rowOf(done: number, status: ExperimentStatus = 'running', total = 1000): ExperimentRow {
  return {
    experiment_id: 'e',
    experiment_name: 'n'.repeat(300),
    model_name: 'm',
    status,
    n_narratives_total: total,
    n_narratives_completed: done,
    n_errors: 0,
  } as ExperimentRow;
}

it('a server that does not know the attributes is never told one', () => {
  const rhythm = new AttributeRhythm(false);
  expect(rhythm.now(rowOf(0))).toBeUndefined();
  expect(rhythm.next(rowOf(500, 'paused'))).toBeUndefined();
});

it('progress is told at most fifty times, however many batches there are', () => {
  let nowMs = 0;
  const rhythm = new AttributeRhythm(true, () => nowMs);
  let told = 0;
  for (let done = 0; done <= 1000; done += 1) {
    nowMs += 60_000;
    if (rhythm.next(rowOf(done)) !== undefined) told += 1;
  }
  expect(told).toBe(51); // the first, and each fiftieth
});

it('a fast run is not told of more often than every ten seconds', () => {
  let nowMs = 0;
  const rhythm = new AttributeRhythm(true, () => nowMs);
  rhythm.next(rowOf(0));
  nowMs = 9_000;
  expect(rhythm.next(rowOf(900))).toBeUndefined();
  nowMs = 10_000;
  expect(rhythm.next(rowOf(910))).toMatchObject({ ExpDone: 910 });
});

it('a change of status is told at once, and names fit the column', () => {
  const rhythm = new AttributeRhythm(true, () => 0);
  rhythm.next(rowOf(0));
  expect(rhythm.next(rowOf(1, 'waiting_llm'))).toMatchObject({ ExpStatus: 'waiting_llm', ExpDone: 1 });
  expect(rhythm.now(rowOf(1, 'waiting_llm'))!.ExpName).toHaveLength(255);
});
