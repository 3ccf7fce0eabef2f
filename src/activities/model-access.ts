/** Gives each experiment its model client, and all experiments of one endpoint the same limiter. */
import type { FrozenConfig } from '../config/frozen-config';
import type { Environment } from '../config/environment';
import type { EndpointConfig } from '../config/load-config';
import { askedParameters } from '../llm/asked-parameters';
import { createChatClient, type ChatClient } from '../llm/chat-client';
import { dialectNamed, dialectOfHost, dialectOfProvider } from '../llm/dialect';
import { startingParameters, type EffectiveParameters } from '../llm/effective-parameters';
import { FaultHistory } from '../llm/fault-history';
import { CallLimiter } from '../llm/limiter';
import { createPromptRenderer, type RenderedPrompt } from '../llm/render-prompt';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';

/** All that is needed to ask the model about a narrative of one experiment. */
export interface ExperimentModel {
  frozen: FrozenConfig;
  endpoint: EndpointConfig;
  /** Scheme, host and port of the endpoint. */
  origin: string;
  /** null = none configured, or its variable is not set. */
  apiKey: string | null;
  client: ChatClient;
  limiter: CallLimiter;
  render: (text: string) => RenderedPrompt;
  /** What every call is made with: as frozen, or what a preflight would try first. */
  parameters: EffectiveParameters;
  /** Whether the parameters are frozen in the row. */
  isDecided: boolean;
  /** What faults in a row mean; lives as long as endpoint and parameters stay as they are. */
  faults: FaultHistory;
}

/** Names what an experiment's calls are made with, and where. */
type ModelKey = string;

export class ModelAccess {
  private readonly models = new Map<string, { key: ModelKey; model: ExperimentModel }>();
  /** What a preflight of this process has found fit. */
  private readonly proven = new Set<ModelKey>();
  private readonly limiters = new Map<string, CallLimiter>();

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

  /** Closes all connections. */
  async close(): Promise<void> {
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
    return {
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
      limiter: this.limiterOf(url.origin, endpoint.concurrency),
      render: createPromptRenderer(frozen),
      parameters:
        parametersAt(endpoint, decided) ??
        startingParameters(dialect, askedParameters(frozen), endpoint.apiUrl),
      isDecided: decided !== null,
      faults: new FaultHistory({ repliedModel: isSameEndpoint ? decided.repliedModel : null }),
    };
  }

  private getRow(experimentId: string): ExperimentRow {
    const row = this.store.experiments.get(experimentId);
    if (row === undefined) throw new Error('the experiment is not in the results file');
    return row;
  }

  private limiterOf(origin: string, concurrency: number): CallLimiter {
    const limiter = this.limiters.get(origin) ?? new CallLimiter(concurrency);
    limiter.setConcurrency(concurrency);
    this.limiters.set(origin, limiter);
    return limiter;
  }
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
