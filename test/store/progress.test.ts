/** Progress and estimated completion over stops, sleep and clocks that jump, on a real results file. */
import type { ExperimentRow } from '../../src/store/experiments';
import type { Store } from '../../src/store/open-store';
import { inFolder, writeStudy } from '../helpers/client-process';
import { answered, failed, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

const HOUR = 3_600_000;
const N = 1000;

/** A clock with two hands, as a machine has them. */
class MovedClock {
  wallMs = Date.UTC(2026, 10, 23, 22);
  steadyMs = 0;

  readonly clock = { now: () => new Date(this.wallMs), monotonicMs: () => this.steadyMs };

  pass(ms: number): void {
    this.wallMs += ms;
    this.steadyMs += ms;
  }
}

/** Drives one experiment as a process would: a tick every second, an answer every `everyMs`. */
class Driver {
  constructor(
    private readonly store: Store,
    private readonly id: string,
    private readonly time: MovedClock,
  ) {}

  begin(): void {
    this.store.experiments.setStatus(this.id, 'running', null);
    this.store.progress.begin(this.id);
    this.time.pass(3000); // the server starts
    this.store.progress.tick(this.id);
  }

  answer(count: number, everyMs: number): void {
    for (let index = 0; index < count; index++) {
      this.idle(everyMs);
      saveOutcomes(this.store, this.id, [answered(false)], { from: this.row.n_narratives_completed });
    }
  }

  /** Time in which the process lives and no answer comes. */
  idle(ms: number): void {
    let left = ms;
    for (; left > 1000; left -= 1000) {
      this.time.pass(1000);
      this.store.progress.tick(this.id);
    }
    this.time.pass(left);
  }

  get row(): ExperimentRow {
    return this.store.experiments.get(this.id)!;
  }

  /** By how much the estimate of the time that is left is wrong, given the true time for one answer. */
  errorOfEstimate(everyMs: number): number {
    const trueMs = (N - this.row.n_narratives_completed) * everyMs;
    return Math.abs(Date.parse(this.row.estimated_completion_time!) - this.time.wallMs - trueMs) / trueMs;
  }
}

async function inExperiment(
  work: (open: <T>(part: (driver: Driver, store: Store, id: string) => T) => T, time: MovedClock) => void,
): Promise<void> {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: N });
    const time = new MovedClock();
    const id = withStore(folder, (store) => startStored(store, folder).decision.experimentId, time.clock);
    const open = <T>(part: (driver: Driver, store: Store, id: string) => T): T =>
      withStore(folder, (store) => part(new Driver(store, id, time), store, id), time.clock);
    work(open, time);
    return Promise.resolve();
  });
}

it('after a stop of 48 hours the estimate is right within a tenth after 100 more answers', async () => {
  await inExperiment((open, time) => {
    open((driver) => {
      driver.begin();
      driver.answer(200, 4000);
      expect(driver.errorOfEstimate(4000)).toBeLessThan(0.02);
    });
    time.wallMs += 48 * HOUR;
    time.steadyMs = 5; // another process, and a machine that was started anew
    open((driver) => {
      driver.begin();
      expect(driver.row).toMatchObject({ estimated_completion_time: null, narratives_per_minute: null });
      driver.answer(4, 7000);
      expect(driver.row.estimated_completion_time).toBeNull();
      driver.answer(96, 7000);
      expect(driver.errorOfEstimate(7000)).toBeLessThan(0.1);
      expect(driver.row).toMatchObject({ n_narratives_completed: 300, n_narratives_total: N });
      expect(driver.row.total_runtime_sec).toBeLessThan(200 * 4 + 100 * 7 + 10);
    });
  });
});

it.each<[string, (time: MovedClock) => void]>([
  ['sleeps for 48 hours and its steady clock with it', (time) => (time.wallMs += 48 * HOUR)],
  ['sleeps for 48 hours while its steady clock goes on', (time) => time.pass(48 * HOUR)],
  ['has its wall clock set forward by an hour', (time) => (time.wallMs += HOUR)],
  ['has its wall clock set back by a day', (time) => (time.wallMs -= 24 * HOUR)],
])('a machine that %s has a right estimate after 100 more answers', async (_what, jump) => {
  await inExperiment((open, time) => {
    open((driver) => {
      driver.begin();
      driver.answer(100, 4000);
      jump(time);
      driver.answer(100, 4000);
      expect(driver.errorOfEstimate(4000)).toBeLessThan(0.1);
      expect(driver.row.narratives_per_minute).toBeGreaterThan(0);
      expect(driver.row.total_runtime_sec).toBeLessThan(200 * 4 + 100);
      expect(Date.parse(driver.row.estimated_completion_time!)).toBeGreaterThan(time.wallMs);
    });
  });
});

it('waiting for the model server is no work: the estimate is unknown meanwhile and right afterwards', async () => {
  await inExperiment((open) => {
    open((driver, store, id) => {
      driver.begin();
      driver.answer(100, 3000);
      const workedSec = driver.row.total_runtime_sec;
      store.experiments.setStatus(id, 'waiting_llm', 'the model server is away');
      driver.idle(2 * HOUR);
      expect(driver.row.estimated_completion_time).toBeNull();
      expect(driver.row.total_runtime_sec).toBeLessThan(workedSec + 20);
      store.experiments.setStatus(id, 'running', null);
      driver.answer(20, 3000);
      expect(driver.errorOfEstimate(3000)).toBeLessThan(0.1);
    });
  });
});

it('a silence without results makes the estimate later, never earlier than now', async () => {
  await inExperiment((open, time) => {
    open((driver) => {
      driver.begin();
      driver.answer(100, 1000);
      const movedAt = driver.row.last_progress_update;
      const before = Date.parse(driver.row.estimated_completion_time!);
      driver.idle(HOUR / 2);
      expect(Date.parse(driver.row.estimated_completion_time!)).toBeGreaterThan(before);
      expect(Date.parse(driver.row.estimated_completion_time!)).toBeGreaterThan(time.wallMs);
      expect(driver.row.last_progress_update).toBe(movedAt);
    });
  });
});

it('times are UTC with milliseconds, and total and completed are those of the whole experiment', async () => {
  await inExperiment((open) => {
    open((driver) => {
      driver.begin();
      driver.answer(30, 2000);
      const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
      expect(driver.row.last_progress_update).toMatch(utc);
      expect(driver.row.estimated_completion_time).toMatch(utc);
    });
    open((driver) => {
      driver.begin();
      driver.answer(30, 2000);
      expect(driver.row).toMatchObject({ n_narratives_completed: 60, n_narratives_total: N });
    });
  });
});

it('in a retry pass the estimate is about the errors that are left', async () => {
  await inExperiment((open, time) => {
    open((driver, store, id) => {
      driver.begin();
      saveOutcomes(
        store,
        id,
        Array.from({ length: N }, (_, index) => (index < 50 ? failed() : answered(false))),
      );
      store.passes.finish(id, 0);
      store.passes.add(id, null, 50);
      store.progress.begin(id);
      store.progress.tick(id);
      for (let index = 0; index < 25; index++) {
        driver.idle(2000);
        saveOutcomes(store, id, [answered(true)], { from: index, pass: 1 });
      }
      const leftMs = Date.parse(driver.row.estimated_completion_time!) - time.wallMs;
      expect(leftMs / 1000).toBeGreaterThan(45);
      expect(leftMs / 1000).toBeLessThan(56);
    });
  });
});
