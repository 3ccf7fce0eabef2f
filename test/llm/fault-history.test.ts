import { CallFault, type CallFaultFacts } from '../../src/llm/call-fault';
import { FaultHistory } from '../../src/llm/fault-history';
import { RULES } from '../../src/llm/fault-rule';
import type { RetryJudgement, TriesSoFar } from '../../src/llm/judge-retry';

const BOUNDS = { maxAttempts: 6 };

function fault(facts: Partial<CallFaultFacts> = {}, message = 'HTTP 500'): CallFault {
  return new CallFault(message, { kind: 'transient', category: 'http_5xx', httpStatus: 500, ...facts });
}

function tries(counted: number): TriesSoFar {
  return { counted, stale: 0, loadingMs: 0, elapsedMs: 0 };
}

const PAGE = () =>
  fault({ category: 'api_error', httpStatus: 200, rule: RULES.page }, 'the reply is a web page');
const ODD_400 = () =>
  fault({ category: 'http_4xx', httpStatus: 400, rule: RULES.unknownRequestError }, 'HTTP 400');
const FILTERED = () =>
  fault({ kind: 'narrative', category: 'content_filter', httpStatus: 400, rule: RULES.filtered }, 'HTTP 400');

function setUp(repliedModel: string | null = null) {
  const history = new FaultHistory({ repliedModel });
  const judge = (narrative: string, one: CallFault, counted = 1): RetryJudgement =>
    history.judge(narrative, one, tries(counted), BOUNDS);
  const reply = (narrative: string, model: string | null = 'm') => history.seeReply(narrative, { model });
  return { history, judge, reply };
}

describe('FaultHistory on faults in a row', () => {
  it('pauses at the third page in a row for one narrative, however many are asked at once (row 18)', () => {
    const { judge } = setUp();
    for (const narrative of ['a', 'b', 'c', 'd']) {
      expect(judge(narrative, PAGE())).toMatchObject({ next: 'retry' });
      expect(judge(narrative, PAGE(), 2)).toMatchObject({ next: 'retry' });
    }
    expect(judge('b', PAGE(), 3)).toEqual({
      next: 'end',
      ending: 'pause',
      pauseReason: '3 tries in a row met the same fault (the reply is a web page)',
    });
  });

  it('counts anew after a reply and after another fault', () => {
    const { judge, reply } = setUp();
    judge('a', PAGE());
    judge('a', PAGE(), 2);
    reply('b');
    expect(judge('a', PAGE(), 3)).toMatchObject({ next: 'retry' });
    judge('a', PAGE(), 4);
    judge('b', fault());
    expect(judge('a', PAGE(), 5)).toMatchObject({ next: 'retry' });
  });

  it('tries an unknown 400 once more, and pauses when three narratives in a row meet it (row 30)', () => {
    const { judge } = setUp();
    for (const narrative of ['a', 'b']) {
      expect(judge(narrative, ODD_400())).toMatchObject({ next: 'retry', isCounted: true });
      expect(judge(narrative, ODD_400(), 2)).toMatchObject({ next: 'end', ending: 'row' });
    }
    expect(judge('c', ODD_400())).toMatchObject({ next: 'retry' });
    expect(judge('c', ODD_400(), 2)).toMatchObject({ next: 'end', ending: 'pause' });
  });

  it('gives a missing message and an empty reply two more tries (rows 4 and 10)', () => {
    const { judge } = setUp();
    const empty = fault({ rule: { maxRetries: 2, onlyIfTemperature: true } });
    expect([1, 2, 3].map((counted) => judge('a', empty, counted).next)).toEqual(['retry', 'retry', 'end']);
    expect(judge('a', empty, 3)).toMatchObject({ ending: 'row' });
  });

  it('tries a 404 for any failure as often as other transient faults (row 37)', () => {
    const { judge } = setUp();
    const any = fault({ category: 'http_4xx', httpStatus: 404, rule: RULES.serverError }, 'HTTP 404');
    expect(judge('a', any, 5)).toMatchObject({ next: 'retry' });
    expect(judge('a', any, 6)).toMatchObject({ next: 'end', ending: 'wait' });
  });
});

describe('FaultHistory on a narrative that fails alone', () => {
  it('waits when nobody is answered (rows 50 and 57)', () => {
    const { judge } = setUp();
    judge('a', fault());
    expect(judge('a', fault(), 6)).toMatchObject({ next: 'end', ending: 'wait' });
  });

  it('gives it its error row when others are answered meanwhile (row 51)', () => {
    const { judge, reply } = setUp();
    judge('a', fault());
    reply('b');
    expect(judge('a', fault(), 6)).toMatchObject({ next: 'end', ending: 'row' });
  });

  it('does not take for others what it was replied itself, nor replies from before', () => {
    const { judge, reply } = setUp();
    reply('b');
    judge('a', fault());
    reply('a');
    expect(judge('a', fault(), 6)).toMatchObject({ ending: 'wait' });
  });

  it.each<[string, Partial<CallFaultFacts>]>([
    ['a connection that does not come about', { cannotConnect: true, category: 'connection' }],
    ['a rate limit', { category: 'rate_limit' }],
    ['a wait that the server asks for', { retryAfterMs: 100_000 }],
    ['a model that is being loaded', { rule: { ...RULES.loading, waitUncountedMs: 0 } }],
  ])('never blames it for %s', (_what, facts) => {
    const { judge, reply } = setUp();
    judge('a', fault(facts));
    reply('b');
    expect(judge('a', fault(facts), 6)).toMatchObject({ next: 'end', ending: 'wait' });
  });

  it('begins anew once the narrative has ended', () => {
    const { history, judge, reply } = setUp();
    judge('a', fault());
    reply('b');
    history.seeEnd('a', 'left');
    judge('a', fault());
    expect(judge('a', fault(), 6)).toMatchObject({ ending: 'wait' });
  });
});

describe('FaultHistory on a content filter', () => {
  function endings(nFiltered: number, nAnswered: number): RetryJudgement {
    const { history, judge } = setUp();
    for (let index = 0; index < nAnswered; index += 1) history.seeEnd(`answered ${index}`, null);
    let last: RetryJudgement | null = null;
    for (let index = 0; index < nFiltered; index += 1) {
      last = judge(`filtered ${index}`, FILTERED());
      history.seeEnd(`filtered ${index}`, 'content_filter');
    }
    return last!;
  }

  it('gives error rows as long as few are held back', () => {
    expect(endings(5, 95)).toMatchObject({ ending: 'row' });
  });

  it('pauses when more than 5 % are held back (row 29)', () => {
    expect(endings(6, 95)).toEqual({
      next: 'end',
      ending: 'pause',
      pauseReason: '6 of 101 narratives ended as content_filter, more than 5 %',
    });
  });

  it('says nothing about shares before a hundred have ended', () => {
    expect(endings(50, 49)).toMatchObject({ ending: 'row' });
  });
});

describe('FaultHistory on the model that replies (row 22)', () => {
  it('takes the first name for the right one, whatever was asked for', () => {
    const { reply } = setUp();
    expect([reply('a', 'one'), reply('b', null), reply('c', 'one')]).toEqual([null, null, null]);
  });

  it('pauses when the name changes', () => {
    const { reply } = setUp();
    reply('a', 'one');
    expect(reply('b', 'two')).toContain('answers as "two" now and answered as "one" before');
  });

  it('knows the name from before a restart, and repeats only what a name is made of', () => {
    const { reply } = setUp('one');
    expect(reply('a', 'tw\u001b[31mo<x>')).toContain('"tw??31mo?x?"');
  });
});
