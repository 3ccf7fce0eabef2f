import type { PlannedFault } from './faults/fault-plan';
import { parseFaultList } from './faults/parse-fault-list';
import type { FrontDoor } from './front-door';

/** The row of a server that is not there at all. */
const REFUSED = 56;

/** How the whole server fails for a while. */
export interface GoAwayOptions {
  /** Comes back by itself after so long; null = only when told. @default null */
  ms?: number | null;
  /** What every call is served meanwhile; 56 = the port is shut. @default 56 */
  fault?: number;
}

/** Whether the server is away, and what it shows of itself then. */
export class Outage {
  private planned: PlannedFault | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** One after the other, so that no opening overtakes a shutting. */
  private work: Promise<void> = Promise.resolve();
  private isShut = false;

  constructor(
    private readonly door: FrontDoor,
    private readonly portOf: () => number,
  ) {}

  /** What every call is served now; null = the server is well, or its port is shut. */
  get served(): PlannedFault | null {
    return this.planned;
  }

  /** true = connections are refused. */
  get isDown(): boolean {
    return this.isShut;
  }

  /** Resolves once the server is away; a further call replaces the one before. Throws FaultListError. */
  async goAway({ ms = null, fault = REFUSED }: GoAwayOptions = {}): Promise<void> {
    const planned = fault === REFUSED ? null : firstVariantOf(fault);
    clearTimeout(this.timer);
    this.planned = planned;
    this.setShut(fault === REFUSED);
    if (ms !== null) this.timer = setTimeout(() => void this.comeBack(), ms);
    await this.work;
  }

  /** Resolves once the server is there again. */
  async comeBack(): Promise<void> {
    clearTimeout(this.timer);
    this.planned = null;
    this.setShut(false);
    await this.work;
  }

  /** Forgets a return that is due, so that nothing is opened any more. */
  cancel(): void {
    clearTimeout(this.timer);
  }

  private setShut(isShut: boolean): void {
    if (isShut === this.isShut) return;
    this.isShut = isShut;
    this.work = this.work.then(() => (isShut ? this.door.shut() : this.door.reopen(this.portOf())));
  }
}

function firstVariantOf(number: number): PlannedFault | null {
  const [choice] = parseFaultList(String(number));
  const variant = choice?.variants[0];
  return choice && variant ? { fault: choice.fault, variant } : null;
}
