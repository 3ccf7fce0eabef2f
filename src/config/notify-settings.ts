/** Who is told that an experiment has ended or stands still, and of what. */

/** What a person is told of. `waiting`: the model server has not answered for a while. */
export const NOTIFY_OCCASIONS = ['completed', 'paused', 'waiting', 'failed'] as const;
export type NotifyOccasion = (typeof NOTIFY_OCCASIONS)[number];

/** Whom to tell and of what; kept with the experiment, no part of its identity. */
export interface NotifySettings {
  /** Program and arguments; null = none. */
  readonly command: readonly string[] | null;
  /** Environment variable that holds the URL; null = none. */
  readonly webhookUrlEnv: string | null;
  /** Hosts beyond this machine that the webhook may be at; absent = none. */
  readonly allowedHosts?: readonly string[];
  readonly desktop: boolean;
  readonly occasions: readonly NotifyOccasion[];
  readonly waitingMinutes: number;
}

/** One line for people; of a command the program only, for its arguments may be anything. */
export function describeNotify(settings: NotifySettings | null): string | null {
  if (settings === null) return null;
  const { command, webhookUrlEnv, allowedHosts = [], desktop, occasions, waitingMinutes } = settings;
  const at = allowedHosts.length === 0 ? '' : ` at ${allowedHosts.join(' or ')}`;
  const channels = [
    ...(command === null ? [] : [`command ${command[0]}`]),
    ...(webhookUrlEnv === null ? [] : [`webhook ${webhookUrlEnv}${at}`]),
    ...(desktop ? ['desktop'] : []),
  ];
  return `${channels.join(', ')} on ${occasions.join(', ')} (waiting: ${waitingMinutes} min)`;
}
