/**
 * A made-up results file with the aggregates of a real study: 35,312 narratives of 19,985 incidents, of which 1,995 are
 * detected. Texts, ids and labels are invented; the counts are what the study published.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { randomLcg } from 'd3-random';
import { textsSha256 } from '../../src/dataset/source-narrative';
import type { SourceNarrative } from '../../src/dataset/source-narrative';
import { openStore, type Store } from '../../src/store/open-store';
import type { ResultToSave } from '../../src/store/results';
import { answered, failed, finish } from './stored-study';

export const STUDY_ID = 'production-0123456789';

/** Names of the files in the study's folder. */
export const STUDY_FILES = { results: 'production.db', labels: 'review.csv' } as const;

/** How often incidents of each sort occur, by the answers to their narratives; E = error. */
const INCIDENTS: readonly (readonly [cme: '1' | '0' | 'E' | '', le: '1' | '0' | 'E' | '', n: number])[] = [
  ['1', '1', 313],
  ['1', '0', 562],
  ['0', '1', 571],
  ['0', '0', 13_879],
  ['0', 'E', 1],
  ['E', '0', 1],
  ['1', '', 213],
  ['0', '', 4009],
  ['', '1', 23],
  ['', '0', 413],
];

/** Narratives by quality: not detected (errors among them), detected. */
const QUALITIES = [
  { quality: 'placeholder', no: 1952, yes: 0 },
  { quality: 'brief', no: 160, yes: 0 },
  { quality: 'standard', no: 8774, yes: 174 },
  { quality: 'detailed', no: 22_431, yes: 1821 },
] as const;
type Quality = (typeof QUALITIES)[number]['quality'];

const PLACEHOLDERS = [
  'No CME report available.',
  'No LE report available',
  'Death certificate only.',
  'See CME narrative.',
  'REPORT NOT ON FILE',
  'N/A',
];
const RESULTS_PER_MINUTE = 12;
const MS_PER_MINUTE = 60_000;
/** The run stood still for 90 minutes before this position. */
const PAUSED_AT = 20_004;
const PAUSE_MS = 90 * MS_PER_MINUTE;
const START_MS = Date.UTC(2026, 0, 12, 8);
/** 48.8 hours. */
const ACTIVE_SECONDS = 175_680;

interface MadeUp extends SourceNarrative {
  outcome: '1' | '0' | 'E';
}

/** Writes the results file and a file of 400 labels into the folder. */
export function makeProductionStudy(folder: string): void {
  const narratives = makeNarratives();
  const clock = { nowMs: START_MS - 60_000 };
  const file = join(folder, STUDY_FILES.results);
  const store = openStore(file, { now: () => new Date(clock.nowMs), monotonicMs: () => clock.nowMs });
  try {
    store.inTransaction(() => {
      createExperiment(store, narratives);
      saveResults(store, narratives, clock);
      finish(store, STUDY_ID);
    });
  } finally {
    store.close();
  }
  const database = new Database(file);
  database.prepare('UPDATE experiments SET total_runtime_sec = ?').run(ACTIVE_SECONDS);
  database.close();
  writeFileSync(join(folder, STUDY_FILES.labels), labelFile(narratives));
}

function makeNarratives(): MadeUp[] {
  const random = randomLcg(0.42);
  const texts = { yes: shuffled(random, 'yes'), no: shuffled(random, 'no') };
  const incidents = INCIDENTS.flatMap(([cme, le, n]) => Array.from({ length: n }, () => ({ cme, le })));
  shuffle(random, incidents);
  return incidents.flatMap(({ cme, le }, index) => {
    const isDetected = cme === '1' || le === '1';
    const site = siteOf(random, isDetected);
    const attributes = { IncidentYear: String(2017 + Math.floor(random() * 6)), SiteID: site };
    const of = (narrativeType: string, outcome: typeof cme): MadeUp[] => {
      if (outcome === '') return [];
      const quality = outcome === '1' ? texts.yes.pop()! : texts.no.pop()!;
      const text = textOf(quality, index, random);
      const incidentId = String(200_000 + 7 * index);
      return [
        { incidentId, narrativeType, text, manualFlagInd: null, manualFlag: null, attributes, outcome },
      ];
    };
    return [...of('cme', cme), ...of('le', le)];
  });
}

function shuffled(random: () => number, of: 'yes' | 'no'): Quality[] {
  const all = QUALITIES.flatMap((group) => Array.from({ length: group[of] }, () => group.quality));
  shuffle(random, all);
  return all;
}

function shuffle(random: () => number, list: unknown[]): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
}

/** Sites have their own rates of detection. */
function siteOf(random: () => number, isDetected: boolean): string {
  const site = Math.floor(random() * 24);
  const moved = isDetected && random() < 0.45 ? Math.floor(site / 2) : site;
  return `S${String(moved + 1).padStart(2, '0')}`;
}

function textOf(quality: Quality, index: number, random: () => number): string {
  if (quality === 'placeholder') return PLACEHOLDERS[index % PLACEHOLDERS.length]!;
  const sentence = `Incident ${index} was last seen alive at home while a neighbour was told to see to the dog. `;
  const [least, most] = { brief: [40, 99], standard: [100, 499], detailed: [500, 1800] }[quality] as [
    number,
    number,
  ];
  return sentence
    .repeat(25)
    .slice(0, least + Math.floor(random() * (most - least)))
    .replace(/.$/, '.');
}

function createExperiment(store: Store, narratives: MadeUp[]): void {
  const { datasetId } = store.datasets.importDataset({
    file: '/data/production.xlsx',
    checksums: { sha256: 'made-up', md5: 'made-up' },
    textsSha256: textsSha256(narratives),
    narratives,
    nNarratives: narratives.length,
    report: {} as never,
  });
  store.experiments.create({
    experimentId: STUDY_ID,
    fingerprint: 'made-up',
    replicate: 1,
    datasetId,
    textsSha256: textsSha256(narratives),
    promptSha256: textsSha256([]),
    frozen: {
      version: 1,
      name: 'Partner violence in 35,312 narratives',
      author: 'made up',
      notes: null,
      modelName: 'example/model-120b',
      provider: 'mlx',
      temperature: 0.2,
      maxTokens: 8192,
      maxTokensWritten: false,
      systemPrompt: 'made up',
      userTemplate: '<<TEXT>>',
      promptVersion: 'v0.3.2_indicators',
      seed: 1024,
      maxNarratives: null,
      batchSize: 100,
      saveCsvJson: false,
      dataFile: '/data/production.xlsx',
    },
    endpoint: {
      apiUrl: 'http://127.0.0.1:1234/v1/chat/completions',
      apiKeyEnv: null,
      allowedHosts: [],
      timeoutMs: 120_000,
      concurrency: 1,
    },
    host: { name: 'made-up', os: 'made-up' },
    version: '0.1.0',
  });
  store.passes.add(STUDY_ID, null, narratives.length);
}

function saveResults(store: Store, narratives: readonly MadeUp[], clock: { nowMs: number }): void {
  const listed = store.passes
    .listOpenBatches(STUDY_ID, 0, 1_000_000)
    .flatMap((batch) => store.passes.listNarrativesToLabel(STUDY_ID, 0, batch));
  const random = randomLcg(0.17);
  const around = { '1': new Around(random), '0': new Around(random), E: new Around(random) };
  store.events.add(STUDY_ID, 'started');
  for (let from = 0; from < listed.length; from += RESULTS_PER_MINUTE) {
    clock.nowMs = START_MS + (from / RESULTS_PER_MINUTE) * MS_PER_MINUTE + (from < PAUSED_AT ? 0 : PAUSE_MS);
    if (from === PAUSED_AT) {
      store.events.add(
        STUDY_ID,
        'endpoint_changed',
        'api_url: http://127.0.0.1:1234 -> http://127.0.0.1:1235',
      );
      store.events.add(STUDY_ID, 'resumed');
    }
    store.results.save(
      listed.slice(from, from + RESULTS_PER_MINUTE).map(({ position, narrativeId }, index) => {
        const { outcome } = narratives[from + index]!;
        return resultOf({ position, narrativeId, outcome }, around[outcome], clock.nowMs);
      }),
    );
    if (from === PAUSED_AT - RESULTS_PER_MINUTE) store.events.add(STUDY_ID, 'paused', 'paused by hand');
  }
}

function resultOf(
  { position, narrativeId, outcome }: { position: number; narrativeId: number; outcome: MadeUp['outcome'] },
  around: Around,
  nowMs: number,
): ResultToSave {
  const isDetected = outcome === '1';
  const confidence = isDetected ? around.next(0.865, 0.09) : around.next(0.896, 0.06);
  const [promptTokens, completionTokens] = [
    Math.round(around.next(995, 260)),
    Math.round(around.next(258, 120)),
  ];
  return {
    experimentId: STUDY_ID,
    position,
    narrativeId,
    pass: 0,
    startedAt: new Date(nowMs).toISOString(),
    responseMs: Math.round(around.next(4970, 2300)),
    calls: 1,
    endpoint: position < PAUSED_AT ? 'http://127.0.0.1:1234' : 'http://127.0.0.1:1235',
    outcome:
      outcome === 'E' ? failed('a refusal instead of JSON', 'parse') : answered(isDetected, confidence),
    reply: {
      raw: null,
      model: 'example/model-120b',
      responseId: null,
      finishReason: 'stop',
      refusal: null,
      promptTokens,
      completionTokens,
      totalTokens: promptTokens + completionTokens,
    },
  };
}

/** Values in pairs on either side of a mean, so that the mean of many is exact. */
class Around {
  private readonly waiting = new Map<number, number>();

  constructor(private readonly random: () => number) {}

  next(mean: number, spread: number): number {
    const digits = mean < 1 ? 3 : 0;
    const other = this.waiting.get(mean);
    if (other !== undefined) {
      this.waiting.delete(mean);
      return Number((mean - other).toFixed(digits));
    }
    const distance = Number((spread * (this.random() + this.random() - 1)).toFixed(digits));
    this.waiting.set(mean, distance);
    return Number((mean + distance).toFixed(digits));
  }
}

/** 400 narratives with 42 true and 14 false positives, 6 false and 338 true negatives; labels of whole incidents are not in it. */
function labelFile(narratives: readonly MadeUp[]): string {
  const of = (outcome: MadeUp['outcome'], n: number): MadeUp[] =>
    narratives.filter((narrative) => narrative.outcome === outcome).slice(0, n);
  const row = (label: 0 | 1, { incidentId, narrativeType }: MadeUp): string =>
    `${incidentId},${narrativeType},${label}`;
  return [
    'incident_id,narrative_type,manual_flag_ind',
    ...of('1', 56).map((narrative, index) => row(index < 42 ? 1 : 0, narrative)),
    ...of('0', 344).map((narrative, index) => row(index < 6 ? 1 : 0, narrative)),
  ].join('\n');
}
