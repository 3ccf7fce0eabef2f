import fc from 'fast-check';
import { placeholderKind, type PlaceholderKind } from '../../src/metrics/placeholder';
import { TEXT_NEEDED, textQuality, type TextQuality } from '../../src/metrics/text-quality';

const PLACEHOLDERS: readonly (readonly [string, PlaceholderKind])[] = [
  ['', 'no_words'],
  ['---', 'no_words'],
  ['N/A', 'blank_word'],
  ['n.a.', 'blank_word'],
  ['None.', 'blank_word'],
  ['UNKNOWN', 'blank_word'],
  ['No report', 'no_report'],
  ['No report available', 'no_report'],
  ['No CME report available.', 'no_report'],
  ['***NO LE REPORT***', 'no_report'],
  ['No report on file.', 'no_report'],
  ['No law enforcement report was available for this case', 'no_report'],
  ['No narrative provided', 'no_report'],
  ['No MOU', 'no_report'],
  ['No police report received to date', 'no_report'],
  ['Report not on file', 'unavailable'],
  ['Record not available', 'unavailable'],
  ['Coroner report unavailable', 'unavailable'],
  ["The medical examiner's report is not available", 'unavailable'],
  ['Autopsy and toxicology reports unavailable', 'unavailable'],
  ['unavailable', 'unavailable'],
  ['See CME', 'see_other'],
  ['see LE narrative.', 'see_other'],
  ['Refer to CME report', 'see_other'],
  ['Same as CME', 'see_other'],
  ['Death certificate only', 'certificate_only'],
  ['Death cert only.', 'certificate_only'],
  ['Certificate checked', 'certificate_only'],
  ['EMS run sheet only', 'certificate_only'],
  ['Medical call available', 'certificate_only'],
  ['Need LE report.', 'report_wanted'],
  ['Awaiting coroner report', 'report_wanted'],
  ['Police report pending', 'report_wanted'],
  ['No CME report available. See LE narrative.', 'no_report'],
  ['LE report unavailable; death certificate only', 'unavailable'],
];

/** Prose that looser patterns have mistaken for placeholders. */
const NARRATIVES: readonly string[] = [
  'V was last seen alive by her partner while he left for work.',
  'No report of prior violence was made by the family.',
  'No report was available to the neighbour who heard shouting.',
  'The police report was not available at first, but a detective later described the fight.',
  'See CME. Her boyfriend shot her after an argument.',
  'Unknown suspect shot V in the street.',
  'Toxicology unavailable. V was strangled by her husband.',
  'Victim found deceased by spouse. No further information.',
  'Medical call: V fell down the stairs; partner only witness.',
  'He refused to report the assault.',
  'No report, but her sister said that he had threatened her.',
];

it.each(PLACEHOLDERS)('"%s" is a placeholder: %s', (text, kind) => {
  expect(placeholderKind(text)).toBe(kind);
  expect(placeholderKind(`  ${text.toUpperCase()} \n`)).toBe(kind);
});

it.each(NARRATIVES)('"%s" is a narrative', (text) => {
  expect(placeholderKind(text)).toBeNull();
});

it('a narrative stays one whatever placeholder stands before or after it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NARRATIVES),
      fc.constantFrom(...PLACEHOLDERS.map(([text]) => text)),
      fc.boolean(),
      (narrative, placeholder, isFirst) =>
        placeholderKind(isFirst ? `${placeholder}. ${narrative}` : `${narrative} ${placeholder}.`) === null,
    ),
  );
});

it.each(['no', 'the', 'report', 'c', 'or', 'is not', 'see', 'on file', 'pending', 'the police report'])(
  'many a "%s" before something else is told from a placeholder at once',
  (words) => expect(placeholderKind(`${`${words} `.repeat(60).slice(0, 230)} x`)).toBeNull(),
);

it.each<[string, TextQuality]>([
  ['See CME', 'placeholder'],
  ['V was shot.', 'brief'],
  ['V'.repeat(99), 'brief'],
  ['V'.repeat(100), 'standard'],
  ['V'.repeat(499), 'standard'],
  ['V'.repeat(500), 'detailed'],
  ['😀'.repeat(499), 'standard'],
  ['😀'.repeat(500), 'detailed'],
  [` ${'V'.repeat(99)} `, 'brief'],
])('the quality of "%.12s…" is %s', (text, quality) => {
  expect(textQuality(text)).toBe(quality);
  expect(textQuality(text.slice(0, TEXT_NEEDED))).toBe(quality);
});
