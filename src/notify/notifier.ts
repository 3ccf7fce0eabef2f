/**
 * Tells what the results file says is still to be told, in the process that owns it and beside its work: nothing waits
 * for it but, for a few seconds, the end of the process. What fails is an event of the experiment and one warning.
 */
import type { Environment } from '../config/environment';
import type { FrozenConfig } from '../config/frozen-config';
import type { ExperimentRow } from '../store/experiments';
import type { NotificationOutcome, OpenNotification } from '../store/notifications';
import type { Store } from '../store/open-store';
import { judgeNotification } from './judge-notification';
import { noticeOf } from './notice';
import { tell } from './tell';

const LOOK_EVERY_MS = 1000;
/** A channel may take so long. */
const DEADLINE_MS = 10_000;

export class Notifier {
  private timer: NodeJS.Timeout | null = null;
  private telling: Promise<void> | null = null;
  /** Told or given up by this process: never again, even where the results file could not be told so. */
  private readonly settled = new Set<number>();

  constructor(
    private readonly store: Pick<Store, 'experiments' | 'events' | 'notifications' | 'inTransaction'>,
    private readonly environment: Environment,
    private readonly onWarning: (message: string) => void,
    private readonly options = { lookEveryMs: LOOK_EVERY_MS, deadlineMs: DEADLINE_MS },
  ) {}

  /** Looks every second from now on. */
  begin(): void {
    this.timer = setInterval(() => this.look(), this.options.lookEveryMs);
    this.timer.unref();
  }

  /** Looks a last time; resolves when all that was due has been told or given up. */
  async end(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.telling;
    this.look();
    await this.telling;
  }

  private look(): void {
    this.telling ??= this.tellDue().finally(() => (this.telling = null));
  }

  private async tellDue(): Promise<void> {
    for (const open of this.listOpen()) {
      if (this.settled.has(open.event_id)) continue;
      try {
        await this.handle(open);
      } catch {
        // A results file that cannot be read or written is told by the next answer.
      }
    }
  }

  private listOpen(): OpenNotification[] {
    try {
      return this.store.notifications.listOpen();
    } catch {
      return [];
    }
  }

  private async handle(open: OpenNotification): Promise<void> {
    const row = this.store.experiments.get(open.experiment_id)!;
    const settings = (JSON.parse(row.frozen_config) as FrozenConfig).notify ?? null;
    if (settings === null) return this.settle(open, 'outdated', []);
    const { waitingMinutes } = settings;
    const judgement = judgeNotification(open, { status: row.status, waitingMinutes, now: new Date() });
    if (judgement === 'wait') return;
    if (judgement === 'outdated') return this.settle(open, 'outdated', []);
    const failures = await tell(noticeOf(open, row, this.store.experiments.resultsFileId()), {
      settings,
      environment: this.environment,
      secretVariables: this.secretVariables(settings.webhookUrlEnv),
      deadlineMs: this.options.deadlineMs,
    });
    for (const failure of failures)
      this.onWarning(`Nobody could be told that ${open.experiment_id} is ${open.occasion}: ${failure}`);
    this.settle(open, failures.length === 0 ? 'sent' : 'failed', failures);
  }

  private settle(open: OpenNotification, outcome: NotificationOutcome, failures: readonly string[]): void {
    this.settled.add(open.event_id);
    this.store.inTransaction(() => {
      this.store.notifications.settle(open.event_id, outcome);
      for (const failure of failures)
        this.store.events.add(open.experiment_id, 'notify_failed', `${open.occasion}: ${failure}`);
    });
  }

  private secretVariables(webhookUrlEnv: string | null): string[] {
    const keys = this.store.experiments.list().flatMap(keyVariablesOf);
    return webhookUrlEnv === null ? keys : [...keys, webhookUrlEnv];
  }
}

/** Names of the variables that hold the keys of an experiment's model servers, however many it has. */
function keyVariablesOf({ endpoint_config: config }: ExperimentRow): string[] {
  const names: string[] = [];
  JSON.parse(config, (key, value: unknown) => {
    if (key === 'apiKeyEnv' && typeof value === 'string') names.push(value);
    return value;
  });
  return names;
}
