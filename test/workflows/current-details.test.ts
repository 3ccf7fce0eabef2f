import { describeOutcome, describeProgress } from '../../src/workflows/current-details';

const progress = {
  nTotal: 2000,
  nCompleted: 707,
  nErrors: 1,
  narrativesPerMinute: 22.34,
  estimatedCompletionTime: '2026-11-25T09:17:33.123Z',
};
const outcome = { nTotal: 0, nCompleted: 0, nErrors: 0 };

it.each([
  [
    'at work',
    describeProgress({ ...progress, status: 'running' }),
    '**707 of 2000** narratives (35.3 %) · `running`\n\n1 error · 22.3 a minute · done about 2026-11-25 09:17 UTC',
  ],
  [
    'at work, as an older worker tells it, without evidence',
    describeProgress({ ...progress, narrativesPerMinute: null, estimatedCompletionTime: null }),
    '**707 of 2000** narratives (35.3 %) · `running`\n\n1 error · rate not known yet · end not known yet',
  ],
  [
    'waiting',
    describeProgress({
      ...progress,
      estimatedCompletionTime: null,
      status: 'waiting_llm',
      reason: 'it is gone',
    }),
    '**707 of 2000** narratives (35.3 %) · `waiting_llm`\n\n1 error · 22.3 a minute · end not known yet\n\n' +
      '**Waiting**: it is gone.',
  ],
  [
    'paused',
    describeOutcome({ ...outcome, status: 'paused', reason: 'the key is refused' }),
    '**0 of 0** narratives (100.0 %) · `paused`\n\n0 errors\n\n**Why**: the key is refused.\n\n' +
      'To go on: `client resume`, or the signal `resume`.',
  ],
  [
    'completed',
    describeOutcome({ ...outcome, status: 'completed', reason: null }),
    '**0 of 0** narratives (100.0 %) · `completed`\n\n0 errors',
  ],
])('an experiment that is %s is described', (_what, text, expected) => {
  expect(text.trimEnd()).toBe(expected);
});
