/** Gives each experiment its model client, and all experiments of one endpoint the same limiter and gate. */
import type { FrozenConfig } from '../config/frozen-config';
import type { Environment } from '../config/environment';
import type { EndpointConfig } from '../config/load-config';
import { askedParameters } from '../llm/asked-parameters';
import type { CallFault } from '../llm/call-fault';
import { createChatClient, type ChatClient } from '../llm/chat-client';
import { dialectNamed, dialectOfHost, dialectOfProvider } from '../llm/dialect';
import { startingParameters, type EffectiveParameters } from '../llm/effective-parameters';
import { FaultHistory } from '../llm/fault-history';
import { createPromptRenderer, type RenderedPrompt } from '../llm/render-prompt';
import { SYNTHETIC_NARRATIVE } from '../llm/synthetic-narrative';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { Endpoint } from './endpoint';
import { tellWaiting } from './tell-waiting';
import { writeIfPossible } from './write-if-possible';

/** All that is needed to ask the model about a narrative of one experiment. */
export interface ExperimentModel {
  frozen: FrozenConfig;
  endpoint: EndpointConfig;
  /** Scheme, host and port of the endpoint. */
  origin: string;
  /** null = none configured, or its variable is not set. */
  apiKey: string | null;
  client: ChatClient;
  /** What it shares with the other experiments of this server. */
  shared: Endpoint;
  render: (text: string) => RenderedPrompt;
  /** What every call is made with: as frozen, or what a preflight would try first. */
  parameters: EffectiveParameters;
  /** Whether the parameters are frozen in the row. */
  isDecided: boolean;
  /** The fault for which the experiment is to pause: no further call; a preflight begins anew. null = none. */
  unusable: CallFault | null;
  /** What faults in a row mean; lives as long as endpoint and parameters stay as they are. */
  faults: FaultHistory;
}

/** Enough for any server, and few for one that is busy. */
const PROBE_MAX_TOKENS = 16;
const PROBE_TIMEOUT_MS = 60_000;

/** Names what an experiment's calls are made with, and where. */
type ModelKey = string;

export class ModelAccess {
  private readonly models = new Map<string, { key: ModelKey; model: ExperimentModel }>();
  /** What a preflight of this process has found fit. */
  private readonly proven = new Set<ModelKey>();
  private readonly endpoints = new Map<string, Endpoint>();
  /** The experiment whose client probes a server, by origin: the last that was made. */
  private readonly probers = new Map<string, ExperimentModel>();

  constructor(
    private readonly store: Store,
    private readonly environment: Environment,
  ) {}

  /** The model of an experiment, made anew when its endpoint or its parameters have changed. */
  of(experimentId: string): ExperimentModel {
    const row = this.getRow(experimentId);
    const key = keyOf(row);
    const known = this.models.get(experimentId);
    if (known?.key === key) return known.model;
    const frozen = JSON.parse(row.frozen_config) as FrozenConfig;
    const endpoint = JSON.parse(row.endpoint_config) as EndpointConfig;
    const decided = row.effective_parameters;
    const model = this.create(
      frozen,
      endpoint,
      decided === null ? null : (JSON.parse(decided) as EffectiveParameters),
    );
    this.models.set(experimentId, { key, model });
    if (known !== undefined) void known.model.client.close();
    return model;
  }

  /** Whether a preflight of this process has found the endpoint fit for the parameters as they are frozen now. */
  isProven(experimentId: string): boolean {
    return this.proven.has(keyOf(this.getRow(experimentId)));
  }

  /** Takes note that the endpoint is fit for the parameters as they are frozen now. */
  setProven(experimentId: string): void {
    this.proven.add(keyOf(this.getRow(experimentId)));
  }

  /** Takes back what was found before the experiment paused: the next preflight asks again. */
  beginAnew(experimentId: string): void {
    const model = this.of(experimentId);
    if (model.unusable !== null) this.proven.delete(keyOf(this.getRow(experimentId)));
    model.unusable = null;
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    for (const { gate } of this.endpoints.values()) gate.dispose();
    await Promise.all([...this.models.values()].map(({ model }) => model.client.close()));
  }

  private create(
    frozen: FrozenConfig,
    endpoint: EndpointConfig,
    decided: EffectiveParameters | null,
  ): ExperimentModel {
    const url = new URL(endpoint.apiUrl);
    const apiKey = endpoint.apiKeyEnv === null ? null : (this.environment[endpoint.apiKeyEnv] ?? null);
    const dialect = dialectOfProvider(frozen.provider) ?? dialectOfHost(url) ?? dialectNamed('generic');
    const isSameEndpoint = decided?.decidedAt === endpoint.apiUrl;
    const model: ExperimentModel = {
      unusable: null,
      frozen,
      endpoint,
      origin: url.origin,
      apiKey,
      client: createChatClient({
        apiUrl: endpoint.apiUrl,
        apiKey,
        keyHeader: dialect.keyHeader,
        connections: endpoint.concurrency,
        timeoutMs: endpoint.timeoutMs,
        allowedOrigins: endpoint.allowedHosts,
      }),
      shared: this.endpointOf(url.origin, endpoint),
      render: createPromptRenderer(frozen),
      parameters:
        parametersAt(endpoint, decided) ??
        startingParameters(dialect, askedParameters(frozen), endpoint.apiUrl),
      isDecided: decided !== null,
      faults: new FaultHistory({ repliedModel: isSameEndpoint ? decided.repliedModel : null }),
    };
    this.probers.set(url.origin, model);
    return model;
  }

  private getRow(experimentId: string): ExperimentRow {
    const row = this.store.experiments.get(experimentId);
    if (row === undefined) throw new Error('the experiment is not in the results file');
    return row;
  }

  private endpointOf(origin: string, { concurrency, timeoutMs, learnsTimeout }: EndpointConfig): Endpoint {
    let endpoint = this.endpoints.get(origin);
    if (endpoint === undefined) {
      endpoint = new Endpoint({
        concurrency,
        timeoutMs,
        learnsTimeout: learnsTimeout ?? false,
        probe: () => probe(this.probers.get(origin)!),
        onGate: (experimentId, state) =>
          writeIfPossible(() => tellWaiting(this.store, experimentId, origin, state)),
      });
      this.endpoints.set(origin, endpoint);
    }
    endpoint.limiter.setConcurrency(concurrency);
    return endpoint;
  }
}

/** A call as small as can be about a made-up text. */
async function probe({ client, frozen, render, parameters }: ExperimentModel): Promise<void> {
  const request = { model: frozen.modelName, ...render(SYNTHETIC_NARRATIVE) };
  await client.send(
    { ...request, parameters: { ...parameters, maxTokens: PROBE_MAX_TOKENS, jsonMode: 'none' } },
    { timeoutMs: PROBE_TIMEOUT_MS },
  );
}

/** The frozen parameters; the window they hold is that of the server where they were decided. */
function parametersAt(
  { apiUrl }: EndpointConfig,
  decided: EffectiveParameters | null,
): EffectiveParameters | null {
  return decided === null || decided.decidedAt === apiUrl ? decided : { ...decided, contextWindow: null };
}

function keyOf(row: ExperimentRow): ModelKey {
  return `${row.experiment_id}\n${row.endpoint_config}\n${row.effective_parameters ?? ''}`;
}
