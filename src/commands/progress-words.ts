/** Rate and time left in words, the same in every view. Pure. */

/** 82.3/min; null = no evidence yet. */
export function formatRate(perMinute: number | null): string {
  return perMinute === null ? 'rate not known yet' : `${perMinute.toFixed(1)}/min`;
}

/** 42 s, 17 min, 4 h 12 min or 3 d 4 h. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long until the estimated completion, in few words. */
export function formatTimeLeft(status: string, completesAt: string | null, now: Date): string {
  if (status === 'waiting_llm') return 'waiting';
  if (completesAt === null) return 'end unknown';
  return `${formatSpan(Date.parse(completesAt) - now.getTime())} left`;
}
