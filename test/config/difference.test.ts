import { describeDifference } from '../../src/config/difference';
import type { FrozenConfig } from '../../src/config/frozen-config';

const FROZEN: FrozenConfig = {
  version: 1,
  name: 'brakes',
  author: null,
  notes: null,
  modelName: 'm',
  provider: 'mlx',
  temperature: 0.2,
  maxTokens: 8192,
  maxTokensWritten: false,
  systemPrompt: 'CANARY one',
  userTemplate: '<<TEXT>>',
  promptVersion: 'v1',
  seed: 123,
  maxNarratives: null,
  batchSize: 100,
  saveCsvJson: true,
  dataFile: '/data/a.csv',
};
const difference = (changes: Partial<FrozenConfig>, textsSha256 = 'aaaaaaaaaa'): string[] =>
  describeDifference(
    { frozen: FROZEN, textsSha256: 'aaaaaaaaaa' },
    { frozen: { ...FROZEN, ...changes }, textsSha256 },
  );

it.each<[Partial<FrozenConfig>, string | RegExp]>([
  [{ modelName: 'n' }, 'model.name: m -> n'],
  [{ temperature: 0.7 }, 'model.temperature: 0.2 -> 0.7'],
  [{ maxTokensWritten: true }, 'model.max_tokens: not given (8192) -> 8192'],
  [{ maxTokensWritten: true, maxTokens: 10 }, 'model.max_tokens: not given (8192) -> 10'],
  [{ maxNarratives: 200 }, 'run.max_narratives: all -> 200'],
  [{ answer: { decisionAliases: ['a', 'b'] } }, 'answer.decision_aliases: none -> a, b'],
  [{ answer: { confidenceWords: { high: 0.9 } } }, 'answer.confidence_words: none -> high 0.9'],
  [{ answer: { acceptPartial: true } }, 'answer.accept_partial: none -> true'],
  [{ answer: { extraFields: ['s'] } }, 'answer.extra_fields: none -> s'],
  [{ name: 'bells' }, 'experiment.name: brakes -> bells'],
  [{ author: 'A. Body' }, 'experiment.author: none -> A. Body'],
  [{ provider: null }, 'model.provider: mlx -> none'],
  [{ promptVersion: 'v2' }, 'prompt.version: v1 -> v2'],
  [{ seed: 1 }, 'run.seed: 123 -> 1'],
  [{ batchSize: 10 }, 'run.batch_size: 100 -> 10'],
  [{ saveCsvJson: false }, 'run.save_csv_json: true -> false'],
  [{ dataFile: '/data/b.csv' }, 'data.file: /data/a.csv -> /data/b.csv'],
  [
    { systemPrompt: 'CANARY two!' },
    /^prompt\.system_prompt: changed \(sha256 [0-9a-f]{8}… -> [0-9a-f]{8}…, 10 -> 11 characters\)$/,
  ],
  [
    { userTemplate: 'CANARY <<TEXT>>' },
    /^prompt\.user_template: changed \(sha256 \w{8}… -> \w{8}…, 8 -> 15 characters\)$/,
  ],
  [{ notes: 'CANARY' }, /^experiment\.notes: changed \(sha256 .*, 0 -> 6 characters\)$/],
])('the change %j is one line', (changes, expected) => {
  const lines = difference(changes);
  expect(lines).toHaveLength(1);
  if (typeof expected === 'string') expect(lines[0]).toBe(expected);
  else expect(lines[0]).toMatch(expected);
  expect(lines[0]).not.toContain('CANARY');
});

it('other texts are one line', () => {
  expect(difference({}, 'bbbbbbbbbb')).toEqual(['texts: changed (sha256 aaaaaaaa… -> bbbbbbbb…)']);
});

it('equal configs differ in nothing', () => {
  expect(difference({})).toEqual([]);
});

it('what makes it another experiment stands first', () => {
  const lines = difference({ batchSize: 1, name: 'x', modelName: 'n', maxNarratives: 1 }, 'b');
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'model.name',
    'texts',
    'run.max_narratives',
    'experiment.name',
    'run.batch_size',
  ]);
});
