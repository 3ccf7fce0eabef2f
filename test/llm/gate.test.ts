import { CallFault } from '../../src/llm/call-fault';
import { Gate, type GateClock, type GateState } from '../../src/llm/gate';

const refused = (): CallFault =>
  new CallFault('connection refused', { kind: 'transient', category: 'connection', cannotConnect: true });
const reset = (): CallFault =>
  new CallFault('connection reset', { kind: 'transient', category: 'connection' });
const http = (status: number, retryAfterMs: number | null = null): CallFault =>
  new CallFault(`HTTP ${status}`, {
    kind: 'transient',
    category: status === 429 ? 'rate_limit' : 'http_5xx',
    httpStatus: status,
    retryAfterMs,
  });

/** A clock that stands still until it is moved; sleepers wake when their time has come. */
class MovedClock implements GateClock {
  private ms = Date.UTC(2026, 0, 1);
  private sleepers: { atMs: number; wake: () => void }[] = [];

  now(): Date {
    return new Date(this.ms);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ atMs: this.ms + ms, wake }));
  }

  async move(ms: number): Promise<void> {
    const endMs = this.ms + ms;
    for (;;) {
      const next = this.sleepers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.ms = next.atMs;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
      await settle();
    }
    this.ms = endMs;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

let clock: MovedClock;
let states: GateState[];
let serverFault: CallFault | null;
let probes: number;
let gate: Gate;
let woken: (() => void)[];

beforeEach(() => {
  clock = new MovedClock();
  states = [];
  serverFault = null;
  probes = 0;
  woken = [];
  gate = new Gate({
    clock,
    onChange: (state) => states.push(state),
    onWake: () => woken.forEach((wake) => wake()),
    probe: async () => {
      probes += 1;
      await Promise.resolve();
      if (serverFault !== null) throw serverFault;
    },
  });
});
afterEach(() => gate.dispose());

/** Makes one call for a narrative that ends so; the gate must let it go now. */
function call(key: string, end: CallFault | 'reply') {
  expect(gate.tryEnter(key)).toBe(true);
  return gate.leave(key, end);
}

/** Tries to go now, and again whenever the gate wakes those it refused. */
function waiting(key: string): { isThrough: () => boolean } {
  let isThrough = gate.tryEnter(key);
  woken.push(() => (isThrough ||= gate.tryEnter(key)));
  return { isThrough: () => isThrough };
}

describe('a gate', () => {
  it('closes after five transient faults in a row, not after four and a reply', () => {
    for (let n = 0; n < 4; n += 1) expect(call(`a${n}`, refused())).toBe('counts');
    expect(call('b', 'reply')).toBe('counts');
    for (let n = 0; n < 4; n += 1) expect(call(`c${n}`, refused())).toBe('counts');
    expect(gate.state.isOpen).toBe(true);
    expect(call('d', refused())).toBe('again');
    expect(gate.state).toMatchObject({ isOpen: false, lastError: 'connection refused' });
    expect(gate.tryEnter('e')).toBe(false);
  });

  it('closes when half of the last twenty calls failed', () => {
    for (let n = 0; n < 10; n += 1) {
      call(`a${n}`, 'reply');
      if (n < 9) expect(call(`b${n}`, http(500))).toBe('counts');
    }
    expect(call('x', 'reply')).toBe('counts');
    expect(call('y', http(503))).toBe('again');
    expect(gate.state.isOpen).toBe(false);
  });

  it('is not closed by faults of narratives or of the experiment', () => {
    for (let n = 0; n < 30; n += 1)
      call(`a${n}`, new CallFault('HTTP 400', { kind: 'narrative', category: 'http_4xx' }));
    expect(gate.state.isOpen).toBe(true);
  });

  it('probes at growing intervals while the server is gone, makes no call, and opens by itself', async () => {
    for (let n = 0; n < 5; n += 1) call(`a${n}`, refused());
    const later = waiting('later');
    serverFault = refused();
    await clock.move(600_000);
    expect(probes).toBe(2 + Math.floor((600 - 3) / 4));
    expect(later.isThrough()).toBe(false);
    serverFault = null;
    await clock.move(5000);
    expect(later.isThrough()).toBe(true);
    expect(states.at(-1)).toEqual({ isOpen: true, closedAt: null, lastError: null, nextProbeAt: null });
    expect(states.every(({ isOpen, lastError }) => isOpen || lastError === 'connection refused')).toBe(true);
  });

  it('probes a server that answers with errors less and less often, once a minute at the least', async () => {
    for (let n = 0; n < 5; n += 1) call(`a${n}`, http(503));
    serverFault = http(503);
    await clock.move(63_000);
    expect(probes).toBe(6);
    await clock.move(600_000);
    expect(probes).toBe(16);
  });

  it('waits as long as the server asks before it probes', async () => {
    call('a', http(429, 86_400_000));
    expect(gate.state).toMatchObject({ isOpen: false, nextProbeAt: '2026-01-02T00:00:00.000Z' });
    await clock.move(86_399_000);
    expect(probes).toBe(0);
    await clock.move(2000);
    expect(gate.state.isOpen).toBe(true);
  });

  it('is opened by a server that refuses the probe itself, which the calls will find out more about', async () => {
    for (let n = 0; n < 5; n += 1) call(`a${n}`, refused());
    serverFault = new CallFault('HTTP 401', { kind: 'experiment', category: 'http_4xx' });
    await clock.move(1000);
    expect(gate.state.isOpen).toBe(true);
  });

  it('tells a waiter to stop, also while it is closed', async () => {
    for (let n = 0; n < 5; n += 1) call(`a${n}`, refused());
    const stop = new AbortController();
    const wait = gate.untilOpen(stop.signal);
    stop.abort(new Error('told to stop'));
    await expect(wait).rejects.toThrow('told to stop');
  });
});

describe('narratives in flight when the server went', () => {
  /** Five calls in flight of which all break: the gate closes at the last, and the five are suspects. */
  async function crashWithFive(): Promise<void> {
    for (let n = 0; n < 5; n += 1) {
      expect(gate.tryEnter(`s${n}`)).toBe(true);
    }
    for (let n = 0; n < 5; n += 1) gate.leave(`s${n}`, reset());
    expect(gate.state.isOpen).toBe(false);
    await clock.move(1000);
    expect(gate.state.isOpen).toBe(true);
  }

  it('go alone, one at a time, before all others', async () => {
    await crashWithFive();
    const other = waiting('other');
    for (let n = 4; n >= 0; n -= 1) {
      expect(gate.tryEnter(`s${n}`)).toBe(true);
      expect(n === 0 || !gate.tryEnter(`s${n - 1}`)).toBe(true);
      expect(other.isThrough()).toBe(false);
      expect(gate.leave(`s${n}`, 'reply')).toBe('counts');
      gate.forget(`s${n}`);
    }
    await settle();
    expect(other.isThrough()).toBe(true);
  });

  it('are condemned when the server goes down twice with one of them alone, and the others go on', async () => {
    await crashWithFive();
    expect(call('s2', reset())).toBe('again');
    expect(gate.state.isOpen).toBe(false);
    await clock.move(1000);
    for (const key of ['s0', 's1', 's3', 's4']) {
      expect(gate.tryEnter(key)).toBe(true);
      gate.leave(key, 'reply');
      gate.forget(key);
    }
    expect(call('s2', reset())).toBe('condemned');
    gate.forget('s2');
    await clock.move(1000);
    expect(call('other', 'reply')).toBe('counts');
  });

  it('hold nobody up when they are given up', async () => {
    await crashWithFive();
    const other = waiting('other');
    for (let n = 0; n < 5; n += 1) gate.forget(`s${n}`);
    await settle();
    expect(other.isThrough()).toBe(true);
  });

  it('are no suspects when they never reached the server', async () => {
    for (let n = 0; n < 5; n += 1) call(`a${n}`, refused());
    await clock.move(1000);
    expect(gate.tryEnter('a0') && gate.tryEnter('b')).toBe(true);
  });
});
