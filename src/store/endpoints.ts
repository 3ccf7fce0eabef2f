/** Model servers as a worker knows them: how each stands for an experiment, and how many calls at once it was found to take. */
import type { ResultsDatabase } from './results-database';

/** `open` = it is asked; `closed` = it is waited for; `left_out` = others are asked, it is tried again later. */
export type EndpointHealth = 'open' | 'closed' | 'left_out';

/** How a model server stood for an experiment when a worker last said so. */
export interface EndpointState {
  /** Scheme, host and port. */
  endpoint: string;
  /** Calls in flight that are allowed. */
  concurrency: number;
  /** Calls in flight, those of other experiments included. */
  in_flight: number;
  health: EndpointHealth;
  /** Why it is closed or left out; null = it is open. */
  reason: string | null;
  /** UTC; an old one says nothing about now. */
  updated_at: string;
}

export class Endpoints {
  constructor(
    private readonly database: ResultsDatabase,
    private readonly now: () => Date,
  ) {}

  /** Notes how a model server stands. */
  setState(experimentId: string, state: Omit<EndpointState, 'updated_at'>): void {
    this.database.prepare(SET_STATE).run({ ...state, experimentId, now: this.now().toISOString() });
  }

  /** Drops what is known of servers that the experiment does not ask any more. */
  keepOnly(experimentId: string, endpoints: readonly string[]): void {
    this.database
      .prepare(
        `DELETE FROM endpoint_states
         WHERE experiment_id = ? AND endpoint NOT IN (SELECT value FROM json_each(?))`,
      )
      .run(experimentId, JSON.stringify(endpoints));
  }

  /** How the model servers of an experiment stood when a worker last said so, by name. */
  list(experimentId: string): EndpointState[] {
    return this.database
      .prepare(
        `SELECT endpoint, concurrency, in_flight, health, reason, updated_at
         FROM endpoint_states WHERE experiment_id = ? ORDER BY endpoint`,
      )
      .all(experimentId) as EndpointState[];
  }

  /** Keeps how many calls at once a server takes for a model. */
  setFoundConcurrency(endpoint: string, modelName: string, concurrency: number): void {
    this.database
      .prepare(
        `INSERT INTO found_concurrency (endpoint, model_name, concurrency, found_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (endpoint, model_name) DO UPDATE SET
           concurrency = excluded.concurrency, found_at = excluded.found_at`,
      )
      .run(endpoint, modelName, concurrency, this.now().toISOString());
  }

  /** How many calls at once a server was found to take for a model; null = not known. */
  foundConcurrency(endpoint: string, modelName: string): number | null {
    const found = this.database
      .prepare('SELECT concurrency FROM found_concurrency WHERE endpoint = ? AND model_name = ?')
      .pluck()
      .get(endpoint, modelName) as number | undefined;
    return found ?? null;
  }
}

const SET_STATE = `
INSERT INTO endpoint_states (experiment_id, endpoint, concurrency, in_flight, health, reason, updated_at)
VALUES ($experimentId, $endpoint, $concurrency, $in_flight, $health, $reason, $now)
ON CONFLICT (experiment_id, endpoint) DO UPDATE SET concurrency = excluded.concurrency,
  in_flight = excluded.in_flight, health = excluded.health, reason = excluded.reason, updated_at = excluded.updated_at`;
