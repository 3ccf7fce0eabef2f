/** Checks one server of an experiment's model with the experiment's own job, on made-up texts. */
import { completeSettings } from '../answer/answer-settings';
import { parseAnswer } from '../answer/parse-answer';
import { askedParameters } from '../llm/asked-parameters';
import { checkModelServer, type PreflightReport } from '../preflight/check-model-server';
import type { Store } from '../store/open-store';
import type { ExperimentModel, ModelEndpoint } from './experiment-model';

/** What the checks come to; a server that answers as another model than the experiment's is blocked. */
export async function checkEndpoint(
  store: Store,
  model: ExperimentModel,
  endpoint: ModelEndpoint,
  signal: AbortSignal,
): Promise<PreflightReport> {
  const { experimentId, frozen, settings } = model;
  const report = await checkModelServer({
    client: endpoint.client,
    apiUrl: endpoint.apiUrl,
    provider: frozen.provider,
    apiKeyEnv: endpoint.apiKeyEnv,
    hasKey: endpoint.apiKey !== null,
    asked: askedParameters(frozen),
    frozen: model.isDecided ? model.parameters : null,
    render: model.render,
    read: (reply) => parseAnswer(reply, completeSettings(frozen.answer)),
    longestChars: store.lists.longestNarrativeChars(experimentId),
    nNarratives: store.passes.countToAsk(experimentId),
    concurrency: settings.concurrency,
    timeoutMs: settings.timeoutMs,
    resultsFile: store.file,
    signal,
  });
  if (model.endpoints.length === 1 || report.parameters === null) return report;
  const changed = endpoint.faults.seeReply('preflight', { model: report.repliedModel });
  return changed === null ? report : { ...report, blockedBecause: changed };
}
