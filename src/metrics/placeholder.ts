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

const SOURCE =
  "(?:(?:the|any|other|an?|c|cme|c/me|le|me|m\\.?e|coroner(?:'?s)?|medical|examiner(?:'?s)?|law|enforcement|police|sheriff(?:'?s)?|" +
  "autopsy|toxicology|tox|ems|fire|death|hospital|investigative|investigator(?:'?s)?|investigation|incident|scene|or|and|/|&) ?)";
const THING =
  '(?:reports?|narratives?|records?|documents?|documentation|information|info|data|summary|file|files|details?|notes?|mou)';
const VERB = '(?:(?:is|are|was|were|has|have|had)(?: been)? )?';
const GIVEN =
  '(?:available|on file|found|received|provided|obtained|located|attached|included|released|submitted|accessible|completed|done|given)';
const TAIL =
  '(?: (?:at this time|at time of (?:abstraction|coding|review)|to (?:abstractor|review)|for (?:review|abstraction|(?:this )?(?:case|incident|victim))|on file|yet|to date|in (?:file|record|system)))*';

const PHRASES: readonly (readonly [PlaceholderKind, RegExp])[] = [
  ['blank_word', /^(?:none|null|nil|na|n\/a|unknown|blank|empty|tbd|pending|not applicable)$/],
  ['no_report', new RegExp(`^no ${SOURCE}*${THING}(?: ${VERB}${GIVEN})?${TAIL}$`)],
  ['no_report', new RegExp(`^no ${SOURCE}+(?:${VERB}${GIVEN})?${TAIL}$`)],
  [
    'unavailable',
    new RegExp(
      `^${SOURCE}*(?:${THING} )?${VERB}(?:currently )?(?:not (?:yet )?${GIVEN}|unavailable)${TAIL}$`,
    ),
  ],
  [
    'see_other',
    new RegExp(`^(?:please )?(?:see|refer to|same as|as in) ${SOURCE}+${THING}?(?: above| below)?$`),
  ],
  [
    'certificate_only',
    /^(?:(?:death )?cert(?:ificate)?|dc|ems run|medic(?:al)? call|medic)(?: (?:sheet|report|information))?(?: is| was)? (?:only|checked|available|only call)(?: only)?$/,
  ],
  [
    'report_wanted',
    new RegExp(`^(?:need|needs|awaiting|waiting (?:for|on)|requested|request|pending) ${SOURCE}*${THING}$`),
  ],
  ['report_wanted', new RegExp(`^${SOURCE}*${THING} ${VERB}(?:needed|requested|pending|outstanding)$`)],
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
  return PHRASES.find(([, pattern]) => pattern.test(phrase))?.[0] ?? null;
}
