/** Imports the texts and freezes the experiment, in one transaction: all or nothing. */
import { hostname, platform, release } from 'node:os';
import { sha256Hex } from '../config/fingerprint';
import { chooseSample } from '../dataset/choose-sample';
import type { Store } from '../store/open-store';
import { describeAskOnce } from './describe-ask-once';
import { takeOverLabels } from './take-over-labels';
import type { WantedExperiment } from './wanted-experiment';
import { readVersion } from '../version';

/** Makes the experiment with its frozen list; gives lines that tell what was imported. */
export function createExperiment(
  store: Store,
  wanted: WantedExperiment,
  { experimentId, replicate }: { experimentId: string; replicate: number },
): string[] {
  const { frozen, config, source } = wanted;
  return store.inTransaction(() => {
    const notices = source.kind === 'file' ? importTexts(store, source) : [];
    const dataset = store.datasets.findByTexts(source.textsSha256)!;
    store.experiments.create({
      experimentId,
      fingerprint: wanted.fingerprint,
      replicate,
      datasetId: dataset.dataset_id,
      textsSha256: source.textsSha256,
      promptSha256: sha256Hex(`${frozen.systemPrompt}\0${frozen.userTemplate}`),
      frozen,
      ...(frozen.sample == null
        ? {}
        : { sample: chooseSample(dataset.n_narratives, frozen.sample, frozen.seed) }),
      endpoint: config.endpoint,
      host: { name: hostname(), os: `${platform()} ${release()}` },
      version: readVersion(),
    });
    const { n_narratives_total: total, n_twins_total: nTwins } = store.experiments.get(experimentId)!;
    store.passes.add(experimentId, null, total - nTwins);
    const asked = frozen.askOnce === true ? [describeAskOnce(total, nTwins)] : [];
    store.events.add(experimentId, 'created', [`${total} narratives`, ...asked].join('; '));
    return [...notices, ...asked.map((line) => `Each text is asked once: ${line}.`)];
  });
}

function importTexts(store: Store, source: WantedExperiment['source'] & { kind: 'file' }): string[] {
  if (source.isKnown) {
    const notice = takeOverLabels(store, source.dataset);
    return notice === null ? [] : [notice];
  }
  store.datasets.importDataset(source.dataset);
  const { report, file } = source.dataset;
  return [
    `Imported ${report.nNarratives} narratives from ${file} (${report.nRows} rows; ${report.nBlank} blank, ` +
      `${report.nDuplicate} duplicate, ${report.nWithoutId} without id; ${report.nLabelled} labelled).`,
    ...report.notices,
  ];
}
