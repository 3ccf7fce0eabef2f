import { compareNarratives, describeNarrativesDifference } from '../../src/dataset/narratives-difference';

const narrative = (incidentId: string, text: string, narrativeType = 'cme') => ({
  incidentId,
  narrativeType,
  text,
});
const BEFORE = [narrative('1', 'a'), narrative('2', 'b'), narrative('2', 'c', 'le')];
const told = (after: typeof BEFORE): string[] =>
  describeNarrativesDifference(compareNarratives(() => BEFORE, after));

it.each<[string, typeof BEFORE, string[]]>([
  ['the same list', BEFORE, []],
  ['a new row', [...BEFORE, narrative('3', 'd')], ['1 added: 3 cme']],
  ['a row less', BEFORE.slice(1), ['1 removed: 1 cme']],
  ['another text', [BEFORE[0]!, narrative('2', 'CANARY'), BEFORE[2]!], ['1 changed: 2 cme']],
  ['another order', [BEFORE[1]!, BEFORE[0]!, BEFORE[2]!], ['the same narratives in another order']],
  [
    'several kinds',
    [narrative('2', 'x'), narrative('9', 'y'), narrative('2', 'c', 'le')],
    ['1 added: 9 cme', '1 removed: 1 cme', '1 changed: 2 cme'],
  ],
])('%s is told by ids', (_what, after, expected) => {
  expect(told(after)).toEqual(expected);
});

it('of many rows the first ten are named, and odd ids are cut and cleaned', () => {
  const added = Array.from({ length: 15 }, (_, index) => narrative(`n${index}`, 't'));
  expect(told([...BEFORE, ...added])[0]).toMatch(/^15 added: n0 cme, .*n9 cme and 5 more$/);
  expect(told([...BEFORE, narrative(`\u001b${'x'.repeat(99)}`, 't')])[0]).toMatch(/^1 added: \?x{39}…$/);
});
