/** Are the model servers fit for the job of a config? Asks them about made-up texts only. */
import { completeSettings } from '../answer/answer-settings';
import { parseAnswer } from '../answer/parse-answer';
import { getVariable } from '../config/environment';
import type { EndpointPlace } from '../config/experiment-config';
import { loadConfig } from '../config/load-config';
import { EXIT, type ExitCode } from '../errors';
import { askedParameters } from '../llm/asked-parameters';
import { createChatClient } from '../llm/chat-client';
import type { EffectiveParameters } from '../llm/effective-parameters';
import { dialectOfHost, dialectOfProvider } from '../llm/dialect';
import { plainModelName } from '../llm/plain-model-name';
import { createPromptRenderer } from '../llm/render-prompt';
import { fail } from '../preflight/check';
import { checkModelServer, type PreflightReport } from '../preflight/check-model-server';
import { openStoreForReading } from '../store/open-store';
import type { CommandContext } from './command-context';
import { AS_CONFIGURED, wantedExperiment, type WantedExperiment } from './wanted-experiment';

/** A server and what its checks came to. */
interface CheckedServer {
  place: EndpointPlace;
  report: PreflightReport;
  isFit: boolean;
}

/** Prints all checks of each server; exit code 2 when one failed. Needs neither Temporal nor a results file. */
export async function doctor(context: CommandContext, configFile: string): Promise<ExitCode> {
  const { environment, workingDirectory, output } = context;
  const config = loadConfig(configFile, { environment, workingDirectory });
  const job = findJob(context, config);
  const servers: CheckedServer[] = [];
  for (const place of [config.endpoint, ...(config.endpoint.further ?? [])]) {
    const decided = servers.find(({ isFit }) => isFit)?.report.parameters ?? null;
    const report = await checkServer(context, { place, job, decided });
    servers.push({ place, report, isFit: report.checks.every(({ outcome }) => outcome !== 'fail') });
  }
  const isFit = servers.every((server) => server.isFit);
  const facts = {
    config: config.file,
    fit: isFit,
    servers: servers.map((server) => ({
      api_url: server.place.apiUrl,
      fit: server.isFit,
      checks: server.report.checks,
      parameters: server.report.parameters,
      synthetic_calls: server.report.syntheticCalls,
    })),
  };
  output.facts(facts, () => formatServers(servers));
  return isFit ? EXIT.completed : EXIT.userCanMend;
}

/** As the run checks it: the first fit server decides the parameters, the others must do with them. */
async function checkServer(
  { environment, resultsFile }: CommandContext,
  { place, job, decided }: { place: EndpointPlace; job: Job; decided: EffectiveParameters | null },
): Promise<PreflightReport> {
  const { config, frozen, source } = job.wanted;
  const { apiUrl, apiKeyEnv } = place;
  const { provider } = config.model;
  const { timeoutMs, allowedHosts, concurrency } = config.endpoint;
  const apiKey = apiKeyEnv === null ? null : (getVariable(environment, apiKeyEnv) ?? null);
  const client = createChatClient({
    apiUrl,
    apiKey,
    keyHeader: (dialectOfProvider(provider) ?? dialectOfHost(new URL(apiUrl)))?.keyHeader,
    connections: 1,
    timeoutMs,
    allowedOrigins: allowedHosts,
  });
  try {
    const report = await checkModelServer({
      client,
      apiUrl,
      provider,
      apiKeyEnv,
      hasKey: apiKey !== null,
      asked: askedParameters(frozen),
      frozen: decided,
      render: createPromptRenderer(frozen),
      read: (reply) => parseAnswer(reply, completeSettings(config.answer)),
      longestChars: job.longestChars,
      nNarratives: frozen.maxNarratives ?? source.nNarratives,
      concurrency,
      timeoutMs,
      resultsFile,
      signal: new AbortController().signal,
    });
    return decided === null ? report : withSameModel(report, decided);
  } finally {
    await client.close();
  }
}

/** The report, with its model failed where the server answers as another one than the server that decided. */
function withSameModel(report: PreflightReport, { repliedModel }: EffectiveParameters): PreflightReport {
  if (repliedModel === null || report.repliedModel === null || report.repliedModel === repliedModel)
    return report;
  const detail = `it answers as ${plainModelName(report.repliedModel)}, the server before as ${plainModelName(repliedModel)}`;
  const other = fail('model', detail, 'load the same model at all servers of model.endpoints');
  return { ...report, checks: report.checks.map((check) => (check.name === 'model' ? other : check)) };
}

/** What is to be done, as far as checks need it. */
interface Job {
  wanted: WantedExperiment;
  longestChars: number;
}

/** The job with its texts, from the data file or, where that is gone, from the results file. */
function findJob({ resultsFile }: CommandContext, config: WantedExperiment['config']): Job {
  const store = config.data.exists ? null : openStoreForReading(resultsFile);
  try {
    const wanted = wantedExperiment(config, AS_CONFIGURED, store);
    const { source, frozen } = wanted;
    const texts =
      source.kind === 'file'
        ? source.dataset.narratives
        : store!.datasets.narratives(source.datasetId, frozen.maxNarratives);
    return { wanted, longestChars: longestOf(texts, frozen.maxNarratives ?? source.nNarratives) };
  } finally {
    store?.close();
  }
}

/** Characters of the longest of the first so many. */
function longestOf(texts: Iterable<{ text: string }>, limit: number): number {
  let longest = 0;
  let seen = 0;
  for (const { text } of texts) {
    longest = Math.max(longest, text.length);
    seen += 1;
    if (seen === limit) break;
  }
  return longest;
}

function formatServers(servers: readonly CheckedServer[]): string {
  const [first] = servers;
  if (servers.length === 1) return formatChecks(first!);
  const each = servers.map((server) => `${server.place.apiUrl}\n${formatChecks(server)}\n`);
  const nFit = servers.filter(({ isFit }) => isFit).length;
  return [...each, describeFitness(nFit, servers.length)].join('\n');
}

function describeFitness(nFit: number, nServers: number): string {
  if (nFit === nServers) return `All ${nServers} servers are fit for this job.`;
  if (nFit === 0) return `None of ${nServers} servers is fit for this job.`;
  return `${nFit} of ${nServers} servers fit for this job; a run leaves the others out until they are.`;
}

function formatChecks({ report, isFit }: CheckedServer): string {
  const width = Math.max(...report.checks.map(({ name }) => name.length));
  const lines = report.checks.flatMap(({ name, outcome, detail, remedy }) => [
    `${outcome.padEnd(4)}  ${name.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 6)}  -> ${remedy}`]),
  ]);
  return [...lines, '', isFit ? 'Fit for this job.' : 'Not fit for this job.'].join('\n');
}
