/**
 * Invented incidents for the demo and for tests: short texts in the style of coroners and police, with the labels
 * that a human coder might have given. The same options give the same incidents. Each text names its invented case
 * and its author, which keeps it apart from all others.
 */
import { hashFraction } from './hash-fraction';
import * as sentences from './made-up-sentences';
import type { MadeUpSource } from './made-up-sentences';

const POSITIVE_SHARE = 0.13;
const ALL_SOURCES_TELL_SHARE = 0.8;
const CUE_SHARE_OF_POSITIVES = 0.88;
const CUE_SHARE_OF_NEGATIVES = 0.04;
const FIRST_YEAR = 2015;
const YEARS = 8;
const SITES = 12;
// Ages that all go with "a", not "an".
const LOWEST_AGE = 22;
const AGES = 56;
const SOURCES: readonly MadeUpSource[] = ['cme', 'le'];

/** One invented incident. */
export interface MadeUpIncident {
  incidentId: string;
  year: number;
  siteId: number;
  /** null = the incident has none. */
  narrativeCme: string | null;
  /** null = the incident has none. */
  narrativeLe: string | null;
  /** Partner violence according to the human coder; null = no narrative. */
  labelCme: boolean | null;
  /** Partner violence according to the human coder; null = no narrative. */
  labelLe: boolean | null;
  /** That of the incident: true if one of its narratives is positive. */
  label: boolean;
}

/** One of the two narratives of an incident. */
interface MadeUpNarrative {
  text: string | null;
  label: boolean | null;
}

/** Gives a number in [0, 1) for each name, always the same for one incident. */
type Draw = (name: string) => number;

/** Invents incidents, about one in eight of them with partner violence. */
export function madeUpNarratives(options: { incidents: number; seed: number }): MadeUpIncident[] {
  return Array.from({ length: options.incidents }, (_, index) => madeUpIncident(index + 1, options.seed));
}

/** The incidents as CSV (RFC 4180 quoting, lines end in LF) in the wide format with labels. */
export function madeUpNarrativesCsv(incidents: readonly MadeUpIncident[]): string {
  const header =
    'IncidentID,IncidentYear,SiteID,NarrativeCME,NarrativeLE,ipv_manualCME,ipv_manualLE,ipv_manual'.split(
      ',',
    );
  const rows = incidents.map((incident) => [
    incident.incidentId,
    String(incident.year),
    String(incident.siteId),
    incident.narrativeCme ?? '',
    incident.narrativeLe ?? '',
    flagOf(incident.labelCme),
    flagOf(incident.labelLe),
    flagOf(incident.label),
  ]);
  return [header, ...rows].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

function madeUpIncident(number: number, seed: number): MadeUpIncident {
  const draw: Draw = (name) => hashFraction(`${seed}/${number}/${name}`);
  const incidentId = `D${String(number).padStart(4, '0')}`;
  const { missing, placeholder } = gapsOf(draw('gap'));
  const readable = SOURCES.filter((source) => source !== missing && source !== placeholder);
  const positive = draw('positive') < POSITIVE_SHARE ? positiveSources(readable, draw) : [];
  const words = wordsOf(draw);
  const narrativeOf = (source: MadeUpSource): MadeUpNarrative => {
    if (source === missing) return { text: null, label: null };
    if (source === placeholder) return { text: placeholderText(incidentId, source, draw), label: false };
    const label = positive.includes(source);
    return { text: narrativeText(incidentId, source, label, words, draw), label };
  };
  const [cme, le] = [narrativeOf('cme'), narrativeOf('le')];
  return {
    incidentId,
    year: FIRST_YEAR + Math.floor(draw('year') * YEARS),
    siteId: 1 + Math.floor(draw('site') * SITES),
    narrativeCme: cme.text,
    narrativeLe: le.text,
    labelCme: cme.label,
    labelLe: le.label,
    label: positive.length > 0,
  };
}

/** Which of the two texts is missing or a placeholder; never both, so that each incident has one to read. */
function gapsOf(fraction: number): { missing?: MadeUpSource; placeholder?: MadeUpSource } {
  if (fraction < 0.05) return { missing: 'cme' };
  if (fraction < 0.15) return { missing: 'le' };
  if (fraction < 0.17) return { placeholder: 'cme' };
  if (fraction < 0.21) return { placeholder: 'le' };
  return {};
}

/** Mostly both sources tell of the violence, sometimes only one does. */
function positiveSources(readable: readonly MadeUpSource[], draw: Draw): readonly MadeUpSource[] {
  return draw('told') < ALL_SOURCES_TELL_SHARE ? readable : [pick(readable, draw('teller'))];
}

function wordsOf(draw: Draw): Readonly<Record<string, string>> {
  const { words, partners } = pick(sentences.PEOPLE, draw('person'));
  const minutes = Math.floor(draw('time') * 24 * 12) * 5;
  const clock = [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return {
    ...words,
    partner: pick(partners, draw('partner')),
    relative: pick(sentences.RELATIVES, draw('relative')),
    place: pick(sentences.PLACES, draw('place')),
    age: String(LOWEST_AGE + Math.floor(draw('age') * AGES)),
    time: `${clock} hours`,
  };
}

/** The bare words of a placeholder would repeat, so it names its case as well. */
function placeholderText(incidentId: string, source: MadeUpSource, draw: Draw): string {
  return `${pick(sentences.PLACEHOLDERS[source], draw('placeholder'))} (${incidentId})`;
}

function narrativeText(
  incidentId: string,
  source: MadeUpSource,
  label: boolean,
  words: Readonly<Record<string, string>>,
  draw: Draw,
): string {
  const author = source === 'cme' ? 'coroner' : 'police';
  const template = [
    `Invented case ${incidentId}, ${author}.`,
    // One draw for both sources: they tell of the same event.
    pick(sentences.OPENINGS[source], draw('opening')),
    pick(sentences.BACKGROUNDS[source], draw(`${source}/background`)),
    pick(circumstances(label, draw(`${source}/cue`)), draw(`${source}/circumstances`)),
    pick(sentences.CLOSINGS[source], draw(`${source}/closing`)),
  ].join(' ');
  return template.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '');
}

function circumstances(label: boolean, fraction: number): readonly string[] {
  if (label) {
    return fraction < CUE_SHARE_OF_POSITIVES ? sentences.CUE_CIRCUMSTANCES : sentences.SUBTLE_CIRCUMSTANCES;
  }
  return fraction < CUE_SHARE_OF_NEGATIVES
    ? sentences.MISLEADING_CIRCUMSTANCES
    : sentences.NEUTRAL_CIRCUMSTANCES;
}

function pick<T>(list: readonly T[], fraction: number): T {
  return list[Math.floor(fraction * list.length)] as T;
}

function flagOf(label: boolean | null): string {
  return label === null ? '' : label ? '1' : '0';
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
