/** `client validate --config FILE`: all problems of a config and its data, without any server. */
import { loadConfig } from '../config/load-config';
import { EXIT, type ExitCode } from '../errors';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { AS_CONFIGURED, wantedExperiment } from './wanted-experiment';

/** `client validate`. */
export const validateCommand: CommandDefinition<{ config: string }> = {
  syntax: 'validate',
  summary: 'check a config and its data file',
  declareOptions: (command) => command.requiredOption('--config <file>', 'experiment config'),
  run: (context, { config }) => validate(context, config),
};

/** Prints what the config would run. Throws ConfigError, HostNotAllowedError or DatasetError. */
export function validate(context: CommandContext, configFile: string): ExitCode {
  const { environment, workingDirectory, output } = context;
  const config = loadConfig(configFile, { environment, workingDirectory });
  const { source } = wantedExperiment(config, AS_CONFIGURED, null);
  const report = source.kind === 'file' ? source.dataset.report : null;
  const facts = {
    config: config.file,
    experiment_name: config.name,
    model: config.model.name,
    api_url: config.endpoint.apiUrl,
    data_file: config.data.file,
    load_report: report,
    notices: config.notices,
  };
  output.facts(facts, () =>
    [
      `${config.file} is valid: ${source.nNarratives} narratives for ${config.model.name} at ${config.endpoint.apiUrl}`,
      ...config.notices,
      ...(report?.notices ?? []),
    ].join('\n'),
  );
  return EXIT.completed;
}
