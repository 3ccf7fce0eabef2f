/**
 * The class table of the catalogue, held against the client: each fault alone on three texts, then a mixture.
 */
import { FaultHistory } from '../../../src/llm/fault-history';
import { FAULTS } from '../../../src/simulator/faults/catalogue';
import type { FaultVariant } from '../../../src/simulator/faults/fault';
import { FaultPlan, type FaultOptions } from '../../../src/simulator/faults/fault-plan';
import { startModelServer } from '../../../src/simulator/model-server';
import { digestOf, simulatedAnswer } from '../../../src/simulator/simulated-answer';
import { askLikeLonghaul, createClient, MAX_CALLS, type Fate } from './ask-like-longhaul';
import { servableOf } from './specs';

/** The only transient row of a mixture that stays. */
const POISON = 51;
/** A server that dies needs a gate, not a retry. */
const NEED_A_GATE = ['56', '57:kills-server'];
/** What hangs ends by the client's deadline; all else has time enough on any machine. */
const HANGS = [61, 62, 63, 64];
const HANG_DEADLINE_MS = 2000;
const TIMES = { slowAnswerMs: 60_000, dripMs: 150, lateAnswerMs: 1, modelLoadMs: 1, keepAliveMs: 1 };
const ROWS = FAULTS.flatMap(servableOf).filter(({ spec }) => !NEED_A_GATE.includes(spec));

const lines = [['#', 'class', 'category', 'calls by fault', 'outcome']];

afterAll(() => {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const text = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '));
  process.stdout.write(`${text.join('\n')}\n`);
});

describe('each fault alone', () => {
  const texts = Array.from({ length: 3 }, (_, index) => textOf(index));

  for (const { spec, fault, variant } of ROWS) {
    it(`of row ${spec} (${fault.name}) fares as its class says`, async () => {
      const asked = variant.faultClass === 'X' ? texts.slice(0, 1) : texts;
      const deadlineMs = HANGS.includes(fault.number) ? HANG_DEADLINE_MS : 20_000;
      const { fates, calls } = await ask({ list: spec }, asked, asked.length, deadlineMs);
      const outcomes = [...new Set(fates.map(({ outcome }) => outcome))].join();
      lines.push([
        spec,
        variant.faultClass ?? '–',
        variant.category ?? '–',
        JSON.stringify(calls).replace(/[{}"]/g, ''),
        outcomes,
      ]);
      const expected = asked.map((text) => expectedOf(new FaultPlan({ list: spec }, 1), text));
      expect(fates).toEqual(expected.map(({ fate }) => fate));
      expect(calls).toEqual(countsOf(expected));
    });
  }
});

describe('a mixture', () => {
  it('of 2,000 texts and 10 % faulty calls makes every call that the table explains, and no other', async () => {
    const list = ROWS.filter(({ variant }) => variant.mixes)
      .map(({ spec }) => spec)
      .join();
    const faults = { list, rate: 0.1, callsPerText: 2 };
    const texts = Array.from({ length: 2000 }, (_, index) => textOf(index));
    const { fates, calls } = await ask(faults, texts, 16, 5000);
    const plan = new FaultPlan(faults, 1);
    const expected = texts.map((text) => expectedOf(plan, text));
    expect(fates).toEqual(expected.map(({ fate }) => amongAnswered(fate)));
    expect(calls).toEqual(countsOf(expected));
    expect(fates.filter(({ outcome }) => outcome === 'error row').length).toBeGreaterThan(20);
    const givenUp = expected.filter(({ fate }) => fate.outcome === 'given up');
    expect(new Set(givenUp.flatMap((one) => one.calls.slice(-2)))).toEqual(new Set([POISON]));
  }, 120_000);
});

/** What fails to the end while others are answered is the text's own fault: its row is an error. */
function amongAnswered(fate: Fate): Fate {
  return fate.outcome === 'given up' ? { ...fate, outcome: 'error row' } : fate;
}

/** Asks about each text, several at once, and counts the calls at the server. */
async function ask(faults: FaultOptions, texts: readonly string[], atOnce: number, deadlineMs: number) {
  const server = await startModelServer({ faults, times: TIMES });
  const client = createClient(server.url, deadlineMs, atOnce);
  const history = new FaultHistory({ repliedModel: 'm' });
  const fates: Fate[] = [];
  const waiting = [...texts.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      fates[next[0]] = await askLikeLonghaul(client, history, next[1]);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    await Promise.all([client.close(), server.close()]);
  }
  return { fates, calls: server.callsByFault() };
}

/** By the class table: what becomes of the text, and by which rows its calls are served. */
function expectedOf(plan: FaultPlan, text: string): { fate: Fate; calls: number[] } {
  const calls: number[] = [];
  for (;;) {
    const planned = plan.next(digestOf(text));
    const number = planned?.fault.number ?? 0;
    calls.push(number);
    const end = planned === null ? 'answered' : endOf(number, planned.variant, calls.length);
    if (end === null) continue;
    const detected = end === 'answered' ? simulatedAnswer(text, { seed: 1 }).detected : null;
    const category = end === 'answered' ? null : (planned?.variant.category ?? null);
    return { fate: { outcome: end, category, detected }, calls };
  }
}

/** null = another call is made. */
function endOf(number: number, { name, faultClass }: FaultVariant, calls: number): Fate['outcome'] | null {
  if (faultClass === 'X') return 'paused';
  if (faultClass === 'P') return number === 6 && calls < 2 ? null : 'error row';
  if (faultClass !== 'T') return 'answered';
  return name === 'day' || calls === MAX_CALLS ? 'given up' : null;
}

function countsOf(expected: readonly { calls: number[] }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const number of expected.flatMap(({ calls }) => calls)) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
}

function textOf(index: number): string {
  return `Case ${index}. ${'Her husband had threatened her. '.repeat(20)}`;
}
