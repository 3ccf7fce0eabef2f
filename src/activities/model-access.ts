/** Gives each experiment its model client, and all experiments of one endpoint the same limiter. */
import type { FrozenConfig } from '../config/frozen-config';
import type { Environment } from '../config/environment';
import type { EndpointConfig } from '../config/load-config';
import { createChatClient, type ChatClient } from '../llm/chat-client';
import { CallLimiter } from '../llm/limiter';
import { createPromptRenderer, type RenderedPrompt } from '../llm/render-prompt';
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
}

export class ModelAccess {
  private readonly models = new Map<string, { key: string; model: ExperimentModel }>();
  private readonly limiters = new Map<string, CallLimiter>();

  constructor(
    private readonly store: Store,
    private readonly environment: Environment,
  ) {}

  /** The model of an experiment, made anew when its endpoint has changed. */
  of(experimentId: string): ExperimentModel {
    const row = this.store.experiments.get(experimentId);
    if (row === undefined) throw new Error('the experiment is not in the results file');
    const known = this.models.get(experimentId);
    if (known?.key === row.endpoint_config) return known.model;
    const frozen = JSON.parse(row.frozen_config) as FrozenConfig;
    const endpoint = JSON.parse(row.endpoint_config) as EndpointConfig;
    const model = this.create(frozen, endpoint);
    this.models.set(experimentId, { key: row.endpoint_config, model });
    if (known !== undefined) void known.model.client.close();
    return model;
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.models.values()].map(({ model }) => model.client.close()));
  }

  private create(frozen: FrozenConfig, endpoint: EndpointConfig): ExperimentModel {
    const { origin } = new URL(endpoint.apiUrl);
    const apiKey = endpoint.apiKeyEnv === null ? null : (this.environment[endpoint.apiKeyEnv] ?? null);
    return {
      frozen,
      endpoint,
      origin,
      apiKey,
      client: createChatClient({
        apiUrl: endpoint.apiUrl,
        apiKey,
        connections: endpoint.concurrency,
        timeoutMs: endpoint.timeoutMs,
        allowedOrigins: endpoint.allowedHosts,
      }),
      limiter: this.limiterOf(origin, endpoint.concurrency),
      render: createPromptRenderer(frozen),
    };
  }

  private limiterOf(origin: string, concurrency: number): CallLimiter {
    const limiter = this.limiters.get(origin) ?? new CallLimiter(concurrency);
    limiter.setConcurrency(concurrency);
    this.limiters.set(origin, limiter);
    return limiter;
  }
}
