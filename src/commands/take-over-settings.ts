/** Takes over from a config what may change while an experiment goes on, and records it. */
import type { FrozenConfig } from '../config/frozen-config';
import { takeOverHarmless, type ExperimentSettings } from '../config/harmless-changes';
import type { EndpointConfig } from '../config/load-config';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import type { WantedExperiment } from './wanted-experiment';

/** Gives a line for each setting that is new from now on, or that stays as it was frozen. */
export function takeOverSettings(store: Store, experimentId: string, wanted: WantedExperiment): string[] {
  const before = settingsOf(store.experiments.get(experimentId)!);
  // A file that is gone is no place to look for it from now on.
  const dataFile = wanted.config.data.exists ? wanted.frozen.dataFile : before.frozen.dataFile;
  const after = { frozen: { ...wanted.frozen, dataFile }, endpoint: wanted.config.endpoint };
  const { settings, endpoint, descriptive, staying } = takeOverHarmless(before, after);
  if (endpoint.length + descriptive.length > 0) {
    store.inTransaction(() => {
      store.experiments.setSettings(experimentId, settings.frozen, settings.endpoint);
      if (endpoint.length > 0) store.events.add(experimentId, 'endpoint_changed', endpoint.join('; '));
      if (descriptive.length > 0) store.events.add(experimentId, 'settings_changed', descriptive.join('; '));
    });
  }
  return [
    ...[...endpoint, ...descriptive].map((change) => `Taken over from the config: ${change}`),
    ...staying,
  ];
}

/** The settings that an experiment has. */
export function settingsOf(row: ExperimentRow): ExperimentSettings {
  return {
    frozen: JSON.parse(row.frozen_config) as FrozenConfig,
    endpoint: JSON.parse(row.endpoint_config) as EndpointConfig,
  };
}
