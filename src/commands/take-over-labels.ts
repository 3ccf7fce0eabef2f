/** Takes over what a known file says about the same texts: labels and further columns. */
import { refreshMetrics } from '../activities/refresh-metrics';
import type { SourceDataset } from '../dataset/read-dataset';
import type { Store } from '../store/open-store';

/** Takes over the labels and refreshes the metrics they concern, in one transaction; null = no label changed. */
export function takeOverLabels(store: Store, dataset: SourceDataset): string | null {
  return store.inTransaction(() => {
    const { datasetId, nRelabelled } = store.datasets.importDataset(dataset);
    if (nRelabelled === 0) return null;
    for (const experimentId of store.labels.listExperiments([datasetId])) {
      refreshMetrics(store, experimentId);
      store.events.add(experimentId, 'labels_changed', `${nRelabelled} narratives`);
    }
    return (
      `The data file ${dataset.file} holds the same texts with other labels for ${nRelabelled} narratives; ` +
      'they were taken over, and the metrics of the experiments on these texts are new.'
    );
  });
}
