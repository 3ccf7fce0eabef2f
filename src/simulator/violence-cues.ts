/**
 * The signs of partner violence that the simulated model looks for. They are phrases of narratives, not the words in
 * which a prompt asks its question, so that a template such as "Does it show partner violence?" is no cue by itself.
 */
const PARTNER = '(?:husband|wife|boyfriend|girlfriend|partner|spouse|fiancée?)';
const VIOLENT_ACT = '(?:assaulted|strangled|choked|beaten|struck|slapped|shoved|hit)';
const THREAT = '(?:threats?|threatened|threatening)';

const CUES: readonly { indicator: string; pattern: RegExp }[] = [
  { indicator: 'protective order', pattern: /\b(?:restraining|protective|protection|no-contact) order\b/i },
  { indicator: 'earlier domestic incident', pattern: /\bdomestic (?:disturbance|battery|assault)\b/i },
  { indicator: 'physical violence', pattern: nearby(VIOLENT_ACT, PARTNER) },
  { indicator: 'threats', pattern: nearby(THREAT, PARTNER) },
  { indicator: 'stalking', pattern: /\bstalk(?:ed|ing)\b/i },
  { indicator: 'controlling behaviour', pattern: /\bcontrolling\b|\bwould not let (?:her|him)\b/i },
  { indicator: 'fear of the partner', pattern: new RegExp(`\\b(?:afraid|fear) of \\w+ ${PARTNER}\\b`, 'i') },
];

/** Names of the cues that a message holds; empty = none. */
export function findViolenceCues(message: string): string[] {
  return CUES.filter(({ pattern }) => pattern.test(message)).map(({ indicator }) => indicator);
}

/** Both within one sentence, in either order, at most 60 characters apart. */
function nearby(one: string, other: string): RegExp {
  const between = '[^.]{0,60}';
  return new RegExp(`\\b${one}\\b${between}\\b${other}\\b|\\b${other}\\b${between}\\b${one}\\b`, 'i');
}
