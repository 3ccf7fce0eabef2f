import { canonicalAnswerSettings } from '../../src/config/canonical-answer-settings';
import { freezeConfig } from '../../src/config/frozen-config';
import { ConfigFolder } from './config-folder';

let configs: ConfigFolder;
beforeEach(() => {
  configs = new ConfigFolder();
});
afterEach(() => configs.remove());

describe('the answer section', () => {
  it('is frozen as far as it is written', () => {
    const config = configs.load({
      'answer.decision_aliases': ['ipv_detected'],
      'answer.confidence_words': { high: 0.9, low: 0 },
      'answer.accept_partial': false,
    });
    expect(freezeConfig(config).answer).toEqual({
      decisionAliases: ['ipv_detected'],
      confidenceWords: { high: 0.9, low: 0 },
      acceptPartial: false,
    });
  });

  it.each([{}, { answer: null }, { answer: {} }])('is nothing when %j is written', (changes) => {
    expect(freezeConfig(configs.load(changes)).answer).toBeNull();
  });

  it.each([
    [{ 'answer.decision_aliases': 'x' }, 'answer.decision_aliases: must be a list of names'],
    [{ 'answer.decision_aliases': ['a', ' '] }, 'answer.decision_aliases.1: must be a list of names'],
    [{ 'answer.confidence_words': ['high'] }, 'answer.confidence_words: must be words with their numbers'],
    [
      { 'answer.confidence_words': { high: 90 } },
      'answer.confidence_words.high: must be a number from 0.0 to 1.0',
    ],
    [{ 'answer.accept_partial': 'maybe' }, 'answer.accept_partial: must be true or false'],
    [{ 'answer.aliases': ['x'] }, 'answer.aliases: unknown key'],
    [{ answer: 5 }, 'answer: must be a section'],
  ])('with %j has one problem: %s', (changes, problem) => {
    const problems = configs.problems(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

it('settings that read every reply alike have one canonical form', () => {
  const one = canonicalAnswerSettings({ decisionAliases: ['B', 'a '], confidenceWords: { High: 1, low: 0 } });
  const other = canonicalAnswerSettings({
    confidenceWords: { low: 0, high: 1 },
    decisionAliases: ['a', 'b'],
  });
  expect(one).toBe(other);
  expect(canonicalAnswerSettings({ decisionAliases: ['a'] })).not.toBe(one);
});
