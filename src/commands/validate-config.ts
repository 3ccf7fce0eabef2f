/** All problems of a config and its data, without any server. */
import type { FrozenConfig } from '../config/frozen-config';
import { loadConfig } from '../config/load-config';
import { chooseSample } from '../dataset/choose-sample';
import type { SourceDataset, SourceNarrative } from '../dataset/read-dataset';
import { EXIT, type ExitCode } from '../errors';
import type { CommandContext } from './command-context';
import { countTwins, describeAskOnce } from './describe-ask-once';
import { AS_CONFIGURED, wantedExperiment } from './wanted-experiment';

/** Prints what the config would run. Throws ConfigError, HostNotAllowedError or DatasetError. */
export function validate(context: CommandContext, configFile: string): ExitCode {
  const { environment, workingDirectory, output } = context;
  const config = loadConfig(configFile, { environment, workingDirectory });
  const { source, frozen } = wantedExperiment(config, AS_CONFIGURED, null);
  const apiUrls = [config.endpoint, ...(config.endpoint.further ?? [])].map(({ apiUrl }) => apiUrl);
  const report = source.kind === 'file' ? source.dataset.report : null;
  const nSelected = frozen.sample ?? frozen.maxNarratives ?? source.nNarratives;
  const nTwins = source.kind === 'file' ? countTwins(selectedOf(source.dataset, frozen)) : 0;
  const facts = {
    config: config.file,
    experiment_name: config.name,
    model: config.model.name,
    api_urls: apiUrls,
    data_file: config.data.file,
    load_report: report,
    ask_once: config.askOnce,
    n_selected: nSelected,
    n_twins: nTwins,
    notices: config.notices,
  };
  output.facts(facts, () =>
    [
      `${config.file} is valid: ${source.nNarratives} narratives for ${config.model.name} at ${apiUrls.join(', ')}`,
      ...(config.askOnce
        ? [`Each text is asked once: ${describeAskOnce(nSelected, nTwins)}.`]
        : adviseAskOnce(nTwins)),
      ...config.notices,
      ...(report?.notices ?? []),
    ].join('\n'),
  );
  return EXIT.completed;
}

/** The narratives that an experiment would have on its list. */
function* selectedOf(
  { narratives, nNarratives }: SourceDataset,
  { sample = null, maxNarratives, seed }: FrozenConfig,
): Generator<SourceNarrative> {
  const sampled = sample === null ? null : new Set(chooseSample(nNarratives, sample, seed));
  const end = sampled === null ? (maxNarratives ?? nNarratives) : nNarratives;
  let place = 0;
  for (const narrative of narratives) {
    if (sampled?.has(place) ?? true) yield narrative;
    place += 1;
    if (place === end) return;
  }
}

function adviseAskOnce(nTwins: number): string[] {
  if (nTwins === 0) return [];
  return [`${nTwins} narratives have the text of another; to ask each text once, set run.ask_once: true.`];
}
