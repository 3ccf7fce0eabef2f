/** All of the results file's nouns over one connection. */
import { Completion } from './completion';
import { Datasets } from './datasets';
import { Endpoints } from './endpoints';
import { Events } from './events';
import { Experiments } from './experiments';
import { FrozenLists } from './frozen-lists';
import { Inspection } from './inspection';
import { openForGuestWriting, openForReading, openForWriting } from './open-database';
import type { ResultsDatabase } from './results-database';
import { joinTransaction } from './join-transaction';
import { Labels } from './labels';
import { Notifications } from './notifications';
import { Passes } from './passes';
import { type Clock, Progress, systemClock } from './progress';
import { RecentWork } from './recent-work';
import { Reporting } from './reporting';
import { Results } from './results';
import { StoredReadings } from './stored-readings';
import { Statistics } from './result-statistics';
import { Tripwire } from './tripwire';
import { Twins } from './twins';
import { rescueName, writeBackup } from './write-backup';

/** The open results file. */
export interface Store {
  file: string;
  datasets: Datasets;
  endpoints: Endpoints;
  experiments: Experiments;
  lists: FrozenLists;
  passes: Passes;
  results: Results;
  progress: Progress;
  events: Events;
  storedReadings: StoredReadings;
  completion: Completion;
  inspection: Inspection;
  labels: Labels;
  notifications: Notifications;
  statistics: Statistics;
  recentWork: RecentWork;
  reporting: Reporting;
  twins: Twins;
  /** Whether the open file is still the one that stands under its name. */
  tripwire: Tripwire;
  /** Runs `work` in one immediate transaction: all or nothing. */
  inTransaction<T>(work: () => T): T;
  /** A number that changes when another connection has changed the file. */
  versionByOthers(): number;
  /** How long a statement waits for a lock of another program before it fails. */
  setBusyTimeout(ms: number): void;
  /** Copies what this connection sees to a new file beside the results file, wherever that is; gives its path. */
  rescue(now: Date): string;
  close(): void;
}

/** Opens for writing, makes or migrates the file; the caller owns its lock. Throws ResultsFileError. */
export function openStore(file: string, clock: Clock = systemClock): Store {
  return storeOver(file, openForWriting(file), clock);
}

/** Opens for writing while another live process owns the file: for short transactions. Throws ResultsFileError. */
export function openStoreAsGuest(file: string, clock: Clock = systemClock): Store {
  return storeOver(file, openForGuestWriting(file), clock);
}

/** Opens for reading only; null = there is no results file. Throws ResultsFileError. */
export function openStoreForReading(file: string, clock: Clock = systemClock): Store | null {
  const database = openForReading(file);
  return database === null ? null : storeOver(file, database, clock);
}

function storeOver(file: string, database: ResultsDatabase, clock: Clock): Store {
  const passes = new Passes(database, clock.now, clock.monotonicMs);
  const twins = new Twins(database);
  const notifications = new Notifications(database, clock.now);
  const progress = new Progress(database, passes, clock);
  return {
    file,
    datasets: new Datasets(database, clock.now),
    endpoints: new Endpoints(database, clock.now),
    experiments: new Experiments(database, twins, clock.now),
    lists: new FrozenLists(database),
    passes,
    results: new Results(database, progress, twins, clock.now),
    progress,
    events: new Events(database, notifications, clock.now),
    storedReadings: new StoredReadings(database, clock.now),
    completion: new Completion(database),
    inspection: new Inspection(database),
    labels: new Labels(database),
    notifications,
    statistics: new Statistics(database),
    recentWork: new RecentWork(database),
    reporting: new Reporting(database),
    twins,
    tripwire: new Tripwire(file),
    inTransaction: (work) => joinTransaction(database, work),
    versionByOthers: () => database.pragma('data_version', { simple: true }) as number,
    setBusyTimeout: (ms) => void database.pragma(`busy_timeout = ${ms}`),
    rescue: (now) => {
      const copy = rescueName(file, now);
      writeBackup(database, copy);
      return copy;
    },
    close: () => database.close(),
  };
}
