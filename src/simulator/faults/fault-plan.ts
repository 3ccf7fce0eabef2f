/**
 * Which calls are faulty, and how. Every draw depends on nothing but the seed, the digest of the text and the number of
 * the call for that text, so a run can be repeated in any order. Only the first calls of a text are drawn for, so that
 * transient faults give way; what persists comes again at every later call of its text.
 */
import { hashFraction } from '../hash-fraction';
import type { Fault, FaultVariant } from './fault';
import { parseFaultList, type FaultChoice } from './parse-fault-list';

/** What to serve besides good answers. */
export interface FaultOptions {
  /** Numbers, ranges, `number:variant` or `mix`, such as `17,26:vllm,44-48`. */
  list: string;
  /** Share of the calls drawn for that are faulty, 0 to 1. @default 1 */
  rate?: number;
  /** How many first calls of a text are drawn for; Infinity = all. @default 1 */
  callsPerText?: number;
}

/** One fault of one call. */
export interface PlannedFault {
  fault: Fault;
  variant: FaultVariant;
}

export class FaultPlan {
  private readonly choices: readonly FaultChoice[];
  private readonly rate: number;
  private readonly callsPerText: number;
  private readonly texts = new Map<string, { calls: number; persisting: PlannedFault | null }>();

  /** Throws FaultListError when the list names what is not there; null = no faults. */
  constructor(
    options: FaultOptions | null,
    private readonly seed: number,
  ) {
    this.choices = options === null ? [] : parseFaultList(options.list);
    this.rate = options?.rate ?? 1;
    this.callsPerText = options?.callsPerText ?? 1;
  }

  /** Whether the row with this number can come up. */
  holds(number: number): boolean {
    return this.choices.some(({ fault }) => fault.number === number);
  }

  /** Counts one more call of the text and gives its fault; null = a good answer. */
  next(digest: string): PlannedFault | null {
    if (this.choices.length === 0) return null;
    const text = this.texts.get(digest) ?? { calls: 0, persisting: null };
    this.texts.set(digest, text);
    text.calls += 1;
    const planned = text.persisting ?? this.draw(digest, text.calls);
    if (planned?.variant.persists) text.persisting = planned;
    return planned;
  }

  private draw(digest: string, callOfText: number): PlannedFault | null {
    if (callOfText > this.callsPerText) return null;
    const key = `${this.seed}/${digest}/${callOfText}`;
    if (hashFraction(`faulty/${key}`) >= this.rate) return null;
    const choice = pick(this.choices, `fault/${key}`);
    const variant = choice && pick(choice.variants, `variant/${key}`);
    return choice && variant ? { fault: choice.fault, variant } : null;
  }
}

function pick<T>(list: readonly T[], key: string): T | undefined {
  return list[Math.floor(hashFraction(key) * list.length)];
}
