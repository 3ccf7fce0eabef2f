/**
 * Tells texts that stand in for a narrative, such as "No report available" or "See CME". A text is one only if each of
 * its phrases is, from its first word to its last: prose that contains such words never is. Pure.
 */

export type PlaceholderKind =
  | 'no_words'
  | 'blank_word'
  | 'no_report'
  | 'unavailable'
  | 'see_other'
  | 'certificate_only'
  | 'report_wanted';

/** A narrative is longer than any placeholder. */
const LONGEST = 240;

/** Every word of a pattern ends with its space, so that a text matches in one way only and none takes long. */
const words = (...alternatives: string[]): string => `(?:(?:${alternatives.join('|')}) )`;
const SOURCE = words(
  'the|any|other|an?|or|and|&|c|cme|c/me|le|me|medical|law|enforcement|police|autopsy|toxicology|tox|ems|fire|death',
  'hospital|scene|incident|investigative|investigation',
  "(?:coroner|examiner|sheriff|investigator)(?:'?s)?",
);
const THING = words(
  'reports?|narratives?|records?|documents?|documentation|information|info|data|summary|files?|details?|notes?|mou',
);
const VERB = `${words('is|are|was|were|has|have|had')}?${words('been')}?`;
const GIVEN = words(
  'available|on file|found|received|provided|obtained|located|attached|included|released|submitted|accessible',
  'completed|done|given',
);
const TAIL = words(
  'at this time|at time of (?:abstraction|coding|review)|to (?:abstractor|review|date)|for (?:review|abstraction)',
  'for (?:this )?(?:case|incident|victim)|on file|yet|in (?:file|record|system)',
);

const pattern = (...parts: string[]): RegExp => new RegExp(`^${parts.join('')}$`);

const PHRASES: readonly (readonly [PlaceholderKind, RegExp])[] = [
  ['blank_word', pattern(words('none|null|nil|na|unknown|blank|empty|tbd|pending|not applicable'))],
  ['no_report', pattern('no ', `${SOURCE}*`, THING, `(?:${VERB}${GIVEN})?`, `${TAIL}*`)],
  ['no_report', pattern('no ', `${SOURCE}+`, `(?:${VERB}${GIVEN})?`, `${TAIL}*`)],
  [
    'unavailable',
    pattern(
      `${SOURCE}*`,
      `${THING}?`,
      VERB,
      '(?:currently )?',
      `(?:not (?:yet )?${GIVEN}|unavailable )`,
      `${TAIL}*`,
    ),
  ],
  [
    'see_other',
    pattern(
      '(?:please )?',
      words('see|refer to|same as|as in'),
      `${SOURCE}+`,
      `${THING}?`,
      '(?:above |below )?',
    ),
  ],
  [
    'certificate_only',
    pattern(
      words('(?:death )?cert(?:ificate)?|dc|ems run|medic(?:al)? call|medic'),
      '(?:sheet |report |information )?',
      '(?:is |was )?',
      words('only|checked|available|only call'),
      '(?:only )?',
    ),
  ],
  [
    'report_wanted',
    pattern(words('needs?|awaiting|waiting (?:for|on)|requested|request|pending'), `${SOURCE}*`, THING),
  ],
  ['report_wanted', pattern(`${SOURCE}*`, THING, VERB, words('needed|requested|pending|outstanding'))],
];

/** Names what the text stands for; null = it is a narrative. */
export function placeholderKind(text: string): PlaceholderKind | null {
  if (text.length > LONGEST) return null;
  if (!/\p{Letter}/u.test(text)) return 'no_words';
  const kinds = phrasesOf(text).map(kindOfPhrase);
  return kinds.length > 0 && kinds.every((kind) => kind !== null) ? kinds[0]! : null;
}

function phrasesOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/\bn\s?[./]\s?a\b/g, 'na')
    .replaceAll(/\bm\.e\./g, 'me')
    .split(/[.;:!?,\n\r()[\]*"|]+|\s-+\s/)
    .map((phrase) => phrase.replaceAll(/\s+/g, ' ').trim())
    .filter((phrase) => /\p{Letter}/u.test(phrase));
}

function kindOfPhrase(phrase: string): PlaceholderKind | null {
  return PHRASES.find(([, form]) => form.test(`${phrase} `))?.[0] ?? null;
}
