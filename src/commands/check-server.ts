/** Is the model server fit for the job of a config? Asks it about made-up texts only. */
import { completeSettings } from '../answer/answer-settings';
import { parseAnswer } from '../answer/parse-answer';
import { getVariable } from '../config/environment';
import { loadConfig } from '../config/load-config';
import { EXIT, type ExitCode } from '../errors';
import { askedParameters } from '../llm/asked-parameters';
import { createChatClient } from '../llm/chat-client';
import { dialectOfHost, dialectOfProvider } from '../llm/dialect';
import { createPromptRenderer } from '../llm/render-prompt';
import type { Check } from '../preflight/check';
import { checkModelServer } from '../preflight/check-model-server';
import { openStoreForReading } from '../store/open-store';
import type { CommandContext } from './command-context';
import { AS_CONFIGURED, wantedExperiment, type WantedExperiment } from './wanted-experiment';

/** Prints all checks; exit code 2 when one failed. Needs neither Temporal nor a results file. */
export async function doctor(context: CommandContext, configFile: string): Promise<ExitCode> {
  const { environment, workingDirectory, output, resultsFile } = context;
  const config = loadConfig(configFile, { environment, workingDirectory });
  const { wanted, longestChars } = findJob(context, config);
  const { endpoint } = config;
  const url = new URL(endpoint.apiUrl);
  const apiKey = endpoint.apiKeyEnv === null ? null : (getVariable(environment, endpoint.apiKeyEnv) ?? null);
  const client = createChatClient({
    apiUrl: endpoint.apiUrl,
    apiKey,
    keyHeader: (dialectOfProvider(config.model.provider) ?? dialectOfHost(url))?.keyHeader,
    connections: 1,
    timeoutMs: endpoint.timeoutMs,
    allowedOrigins: endpoint.allowedHosts,
  });
  try {
    const { checks, parameters, syntheticCalls } = await checkModelServer({
      client,
      apiUrl: endpoint.apiUrl,
      provider: config.model.provider,
      apiKeyEnv: endpoint.apiKeyEnv,
      hasKey: apiKey !== null,
      asked: askedParameters(wanted.frozen),
      frozen: null,
      render: createPromptRenderer(wanted.frozen),
      read: (reply) => parseAnswer(reply, completeSettings(config.answer)),
      longestChars,
      nNarratives: wanted.frozen.maxNarratives ?? wanted.source.nNarratives,
      concurrency: endpoint.concurrency,
      timeoutMs: endpoint.timeoutMs,
      resultsFile,
      signal: new AbortController().signal,
    });
    const isFit = checks.every(({ outcome }) => outcome !== 'fail');
    const facts = {
      config: config.file,
      api_url: endpoint.apiUrl,
      fit: isFit,
      checks,
      parameters,
      synthetic_calls: syntheticCalls,
    };
    output.facts(facts, () => formatChecks(checks, isFit));
    return isFit ? EXIT.completed : EXIT.userCanMend;
  } finally {
    await client.close();
  }
}

/** The job with its texts, from the data file or, where that is gone, from the results file. */
function findJob(
  { resultsFile }: CommandContext,
  config: WantedExperiment['config'],
): { wanted: WantedExperiment; longestChars: number } {
  const store = config.data.exists ? null : openStoreForReading(resultsFile);
  try {
    const wanted = wantedExperiment(config, AS_CONFIGURED, store);
    const { source, frozen } = wanted;
    const texts =
      source.kind === 'file'
        ? source.dataset.narratives.slice(0, frozen.maxNarratives ?? undefined)
        : [...store!.datasets.narratives(source.datasetId, frozen.maxNarratives)];
    return { wanted, longestChars: texts.reduce((most, { text }) => Math.max(most, text.length), 0) };
  } finally {
    store?.close();
  }
}

function formatChecks(checks: readonly Check[], isFit: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, outcome, detail, remedy }) => [
    `${outcome.padEnd(4)}  ${name.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 6)}  -> ${remedy}`]),
  ]);
  return [...lines, '', isFit ? 'Fit for this job.' : 'Not fit for this job.'].join('\n');
}
