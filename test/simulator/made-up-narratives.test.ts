import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import {
  madeUpNarratives,
  madeUpNarrativesCsv,
  type MadeUpIncident,
} from '../../src/simulator/made-up-narratives';
import { simulatedAnswer } from '../../src/simulator/simulated-answer';
import { findViolenceCues } from '../../src/simulator/violence-cues';

const CONFIGS = path.join(__dirname, '../../configs');
const DEMO = { incidents: 180, seed: 7 };

interface DemoConfig {
  experiment: { notes: string };
  prompt: { system_prompt: string; user_template: string };
  data: { file: string };
}

function narrativesOf(incidents: readonly MadeUpIncident[]): { text: string; label: boolean }[] {
  return incidents
    .flatMap(({ narrativeCme, labelCme, narrativeLe, labelLe }) => [
      { text: narrativeCme, label: labelCme },
      { text: narrativeLe, label: labelLe },
    ])
    .filter((narrative): narrative is { text: string; label: boolean } => narrative.text !== null);
}

function shareOf<T>(list: readonly T[], isMeant: (item: T) => boolean): number {
  return list.filter(isMeant).length / list.length;
}

describe('madeUpNarratives', () => {
  const incidents = madeUpNarratives({ incidents: 3000, seed: 1 });
  const narratives = narrativesOf(incidents);
  const placeholders = narratives.filter(({ text }) => text.length < 200);

  it('invents the same incidents for the same seed and others for another', () => {
    expect(madeUpNarratives(DEMO)).toEqual(madeUpNarratives(DEMO));
    expect(madeUpNarratives({ ...DEMO, seed: 8 })).not.toEqual(madeUpNarratives(DEMO));
  });

  it('repeats no text and no incident id', () => {
    expect(new Set(narratives.map(({ text }) => text)).size).toBe(narratives.length);
    expect(new Set(incidents.map(({ incidentId }) => incidentId)).size).toBe(incidents.length);
  });

  it('writes texts of 200 to 500 characters with every word filled in, and a few placeholders', () => {
    expect(Math.max(...narratives.map(({ text }) => text.length))).toBeLessThanOrEqual(500);
    expect(narratives.filter(({ text }) => /[{}]|undefined| {2}/.test(text))).toEqual([]);
    expect(placeholders.every(({ text }) => text.length < 50)).toBe(true);
    const share = placeholders.length / narratives.length;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.06);
  });

  it('leaves out one narrative of some incidents, never both, and its label with it', () => {
    const lacking = incidents.filter(({ narrativeCme, narrativeLe }) => !narrativeCme || !narrativeLe);
    const withoutCme = shareOf(incidents, ({ narrativeCme }) => narrativeCme === null);
    const withoutLe = shareOf(incidents, ({ narrativeLe }) => narrativeLe === null);
    expect(Math.abs(withoutCme - 0.05)).toBeLessThan(0.02);
    expect(Math.abs(withoutLe - 0.1)).toBeLessThan(0.02);
    expect(lacking.every(({ narrativeCme, narrativeLe }) => narrativeCme ?? narrativeLe)).toBe(true);
    expect(
      incidents.every(
        ({ narrativeCme, labelCme, narrativeLe, labelLe }) =>
          (narrativeCme === null) === (labelCme === null) && (narrativeLe === null) === (labelLe === null),
      ),
    ).toBe(true);
  });

  it('labels about 12 % as positive, the incident if one of its narratives is', () => {
    const share = shareOf(narratives, ({ label }) => label);
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.14);
    expect(placeholders.some(({ label }) => label)).toBe(false);
    expect(incidents.every(({ label, labelCme, labelLe }) => label === (labelCme || labelLe || false))).toBe(
      true,
    );
  });

  it('puts a cue into most positive texts and into few negative ones', () => {
    const hasCue = ({ text }: { text: string }) => findViolenceCues(text).length > 0;
    const positives = shareOf(
      narratives.filter(({ label }) => label),
      hasCue,
    );
    const negatives = shareOf(
      narratives.filter(({ label }) => !label),
      hasCue,
    );
    expect(positives).toBeGreaterThan(0.8);
    expect(positives).toBeLessThan(0.95);
    expect(negatives).toBeGreaterThan(0.02);
    expect(negatives).toBeLessThan(0.06);
  });
});

describe('madeUpNarrativesCsv', () => {
  it('is read back by a CSV parser as it was written', () => {
    const incident: MadeUpIncident = {
      incidentId: 'D0001',
      year: 2019,
      siteId: 3,
      narrativeCme: 'A comma, a "quote"\nand a second line.',
      narrativeLe: null,
      labelCme: true,
      labelLe: null,
      label: true,
    };
    expect(parseCsv(madeUpNarrativesCsv([incident]))).toEqual([
      [
        'IncidentID',
        'IncidentYear',
        'SiteID',
        'NarrativeCME',
        'NarrativeLE',
        'ipv_manualCME',
        'ipv_manualLE',
        'ipv_manual',
      ],
      ['D0001', '2019', '3', 'A comma, a "quote"\nand a second line.', '', '1', '', '1'],
    ]);
  });
});

describe('the demo', () => {
  const config = parseYaml(readFileSync(path.join(CONFIGS, 'demo.yaml'), 'utf8')) as DemoConfig;

  it('reads a file that is what the generator writes', () => {
    const file = readFileSync(path.join(CONFIGS, config.data.file), 'utf8');
    expect(file).toBe(madeUpNarrativesCsv(madeUpNarratives(DEMO)));
    expect(narrativesOf(madeUpNarratives(DEMO)).length).toBeGreaterThan(300);
  });

  it('says that all is made up and names its reasoning level first', () => {
    expect(config.experiment.notes).toContain('made up');
    expect(config.prompt.system_prompt.split('\n')[0]).toBe('Reasoning: medium');
  });

  it('gives a believable confusion matrix', () => {
    const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
    for (const { text, label } of narrativesOf(madeUpNarratives(DEMO))) {
      const message = config.prompt.user_template.replaceAll('<<TEXT>>', () => text);
      const { detected } = simulatedAnswer(message, { seed: 1 });
      counts[detected ? (label ? 'tp' : 'fp') : label ? 'fn' : 'tn'] += 1;
    }
    const precision = counts.tp / (counts.tp + counts.fp);
    const recall = counts.tp / (counts.tp + counts.fn);
    expect(precision).toBeGreaterThan(0.5);
    expect(precision).toBeLessThan(0.95);
    expect(recall).toBeGreaterThan(0.6);
    expect(recall).toBeLessThan(0.95);
  });
});
