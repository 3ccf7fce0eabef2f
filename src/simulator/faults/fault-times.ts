/** How long the slow faults take and what the replies ask to wait; tests shorten them. */
export interface FaultTimes {
  /** Row 44 and the date of row 45: the wait asked for, in seconds. */
  retryAfterSeconds: number;
  /** Rows 16 and 17: between two signs of life before the answer. */
  keepAliveMs: number;
  /** Row 62: until the answer. */
  slowAnswerMs: number;
  /** Row 64: between two bytes; row 72: between two pieces. */
  dripMs: number;
  /** Row 69: for how long the server computes, whether or not anybody waits. */
  lateAnswerMs: number;
  /** Row 70: for how long the model loads. */
  modelLoadMs: number;
  /** Rows 56 and 57: for how long the server stays away. */
  awayMs: number;
}

/** What real servers show. */
export const FAULT_TIMES: FaultTimes = {
  retryAfterSeconds: 7,
  keepAliveMs: 1000,
  slowAnswerMs: 301_000,
  dripMs: 150,
  lateAnswerMs: 60_000,
  modelLoadMs: 20_000,
  awayMs: 2000,
};
