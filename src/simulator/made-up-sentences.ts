/**
 * The sentences that made-up narratives are put together from. Words in braces are filled in: {age}, {person},
 * {place}, {time}, {He}, {he}, {him}, {His}, {his}, {partner}, {relative}. All people, places and events are invented.
 */

/** Who writes: the coroner or medical examiner, or the police. */
export type MadeUpSource = 'cme' | 'le';

/** The first sentence: who was found where. At the same place in both lists stands the same event. */
export const OPENINGS: Readonly<Record<MadeUpSource, readonly string[]>> = {
  cme: [
    'The decedent, a {age}-year-old {person}, was found unresponsive at {his} home in {place} at about {time}.',
    'A {age}-year-old {person} from {place} was brought to hospital at about {time} and died there the same day.',
    'Staff of a guest house in {place} found the decedent, a {age}-year-old {person}, at about {time}.',
    'The decedent, a {person} aged {age}, was found by a walker near the reservoir outside {place} at about {time}.',
    'Emergency services pronounced the {age}-year-old {person} dead at an apartment in {place} at {time}.',
  ],
  le: [
    'Officers were called to a house in {place} at about {time}, where a {age}-year-old {person} had died.',
    'A hospital informed the police of {place} of a {age}-year-old {person} brought in at {time}, who later died.',
    'The owner of a guest house in {place} called at about {time}: a guest, a {person} aged {age}, had died.',
    'At about {time} a walker at the reservoir outside {place} reported a {age}-year-old {person}, found dead.',
    'Dispatch sent a unit to an apartment in {place} at {time}. The resident, a {person} aged {age}, had died.',
  ],
};

/** Background without a bearing on the label. */
export const BACKGROUNDS: Readonly<Record<MadeUpSource, readonly string[]>> = {
  cme: [
    'Medical records list high blood pressure and back pain; two prescriptions were found at home.',
    '{He} had been treated for depression for some years, and a clinic visit was planned for the next week.',
    '{His} {relative} told the investigator of recent worries about money and a job that had ended in spring.',
    '{He} had been in hospital twice this year with a heart condition and had seemed tired since.',
    'A long history of alcohol use is noted, with one stay in a treatment centre.',
    'No medical history was on file, and the family doctor had not seen {him} for three years.',
  ],
  le: [
    'Nothing at the scene had been disturbed, and nobody else was seen there.',
    'A witness, who asked not to be named, said "it was a quiet evening" and had heard no voices.',
    '{His} {relative} told officers that {he} had been worried about debts and had slept badly for weeks.',
    'A receipt, a telephone and {his} keys were taken as property and later returned to the family.',
    'Officers spoke with two neighbours, {his} {relative} and the landlord; their accounts agree.',
    '{He} had lost {his} job in the spring and, according to {his} {relative}, had withdrawn since.',
  ],
};

/** Circumstances of a narrative with a negative label. */
export const NEUTRAL_CIRCUMSTANCES: readonly string[] = [
  'The family knew of no trouble at home or at work.',
  '{His} {relative} had spoken to {him} the evening before and had noticed nothing unusual.',
  'Neighbours and colleagues described {him} as friendly and rather private.',
  '{His} {partner} was away visiting relatives and had telephoned the night before; they were on good terms.',
  '{He} and {his} {partner} had been planning a move to the coast in the summer.',
  '{He} had been grieving since the death of an old friend last winter.',
];

/** Circumstances of a narrative with a positive label, in words that the simulated model takes for a cue. */
export const CUE_CIRCUMSTANCES: readonly string[] = [
  '{His} {relative} stated that {his} {partner} had assaulted {him} at least twice in the past year.',
  'Court records show a protective order that {he} had obtained against {his} {partner} in the spring.',
  'In the weeks before, {his} {partner} had threatened {him} after {he} spoke of leaving.',
  'Friends described the {partner} as controlling; {he} was seldom seen on {his} own.',
  '{He} had told a colleague that {he} was afraid of {his} {partner} and was looking for another place to live.',
  'There were two earlier calls to {his} address for a domestic disturbance between {him} and {his} {partner}.',
  'After they had separated, the {partner} had stalked {him} at work, as {his} {relative} reported.',
];

/** Circumstances of a narrative with a positive label that the simulated model overlooks. */
export const SUBTLE_CIRCUMSTANCES: readonly string[] = [
  'Things at home had not been right for a long time, {his} {relative} said, and {he} had twice moved out in a hurry.',
  'The {partner} was taken into custody at the scene; older bruises were explained in different ways.',
  '{He} had called a helpline for people in unsafe relationships the day before.',
];

/** Circumstances of a narrative with a negative label that the simulated model may take for a cue. */
export const MISLEADING_CIRCUMSTANCES: readonly string[] = [
  'A restraining order on file concerns a quarrel over land between {him} and a neighbour.',
  'Earlier that night the same patrol had attended a domestic disturbance at another address; there is no link.',
  'At work {he} had complained of being stalked by a former customer, whom police have since cleared.',
];

/** The last sentence. */
export const CLOSINGS: Readonly<Record<MadeUpSource, readonly string[]>> = {
  cme: [
    'Toxicology results were pending when this summary was written.',
    'The manner of death is recorded as undetermined.',
    'Findings of the examination are described in a separate report.',
    'The certifying physician has been informed and the family was notified.',
  ],
  le: [
    'The case remains open until the report of the coroner is received.',
    'The next of kin was informed by two officers on the same day.',
    'Statements and photographs are filed with the record.',
    'No further investigation is planned at this time.',
  ],
};

/** What stands in a field where there is no report. */
export const PLACEHOLDERS: Readonly<Record<MadeUpSource, readonly string[]>> = {
  cme: ['No CME report available.', 'Death certificate only.'],
  le: ['No LE report available.', 'See CME.', 'Need LE report.'],
};

export const PLACES: readonly string[] = [
  'Lower Marrowby',
  'Eastwick Hollow',
  'Port Tellan',
  'Graysford Mills',
  'Nettle Bay',
  'Upper Quillan',
  'Saint Orrin',
  'Dunmarsh',
];

export const RELATIVES: readonly string[] = ['sister', 'brother', 'cousin', 'niece', 'nephew'];

/** Words for a woman and for a man, and for their partners. */
export const PEOPLE = [
  {
    words: { person: 'woman', He: 'She', he: 'she', him: 'her', His: 'Her', his: 'her' },
    partners: ['husband', 'boyfriend', 'partner'],
  },
  {
    words: { person: 'man', He: 'He', he: 'he', him: 'him', His: 'His', his: 'his' },
    partners: ['wife', 'girlfriend', 'partner'],
  },
] as const;
