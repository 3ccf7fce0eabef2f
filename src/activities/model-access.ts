/** Gives each experiment its model, and all experiments of one server what they share there. */
import type { Environment } from '../config/environment';
import type { FrozenConfig } from '../config/frozen-config';
import type { EndpointConfig } from '../config/load-config';
import type { EffectiveParameters } from '../llm/effective-parameters';
import { SYNTHETIC_NARRATIVE } from '../llm/synthetic-narrative';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { Endpoint } from './endpoint';
import {
  createExperimentModel,
  newFaultHistory,
  type ExperimentModel,
  type ModelEndpoint,
} from './experiment-model';
import { tellConcurrency } from './tell-concurrency';
import { tellWaiting } from './tell-waiting';
import { mostAtOnePlace, wantedOf } from './wanted-concurrency';
import { writeIfPossible } from './write-if-possible';

/** Enough for any server, and few for one that is busy. */
const PROBE_MAX_TOKENS = 16;
const PROBE_TIMEOUT_MS = 60_000;

/** Names what an experiment's calls are made with, and where. */
type ModelKey = string;

interface KnownModel {
  key: ModelKey;
  /** As it stood in the row, to see that it changed. */
  endpointConfig: string;
  model: ExperimentModel;
}

export class ModelAccess {
  private readonly models = new Map<string, KnownModel>();
  /** What a preflight of this process has found fit. */
  private readonly proven = new Set<ModelKey>();
  private readonly endpoints = new Map<string, Endpoint>();
  /** The model whose client probes a server, by origin: the last that was made. */
  private readonly probers = new Map<string, ExperimentModel>();

  constructor(
    private readonly store: Store,
    private readonly environment: Environment,
  ) {}

  /** The model of an experiment: made anew when servers or parameters have changed, told when the concurrency has. */
  of(experimentId: string): ExperimentModel {
    const row = this.getRow(experimentId);
    const settings = JSON.parse(row.endpoint_config) as EndpointConfig;
    const key = keyOf(row, settings);
    const known = this.models.get(experimentId);
    if (known?.key === key) {
      if (known.endpointConfig !== row.endpoint_config) retune(known.model, settings);
      known.endpointConfig = row.endpoint_config;
      return known.model;
    }
    const model = this.create(row, settings);
    this.models.set(experimentId, { key, endpointConfig: row.endpoint_config, model });
    if (known !== undefined) void closeModel(known.model);
    return model;
  }

  /** Whether a preflight of this process has found the servers fit for the parameters as they are frozen now. */
  isProven(experimentId: string): boolean {
    return this.proven.has(this.currentKey(experimentId));
  }

  /** Takes note that the servers are fit for the parameters as they are frozen now. */
  setProven(experimentId: string): void {
    this.proven.add(this.currentKey(experimentId));
  }

  /** Takes back what was found before the experiment paused: the next preflight asks all servers again. */
  beginAnew(experimentId: string): void {
    const model = this.of(experimentId);
    if (model.unusable === null) return;
    this.proven.delete(this.currentKey(experimentId));
    model.unusable = null;
    for (const endpoint of model.endpoints) {
      endpoint.faults = newFaultHistory(model, endpoint.apiUrl);
      endpoint.leftOutBecause = null;
      model.line.open(endpoint);
    }
  }

  /** Runs an activity that asks the model of an experiment. */
  async whileWorking<T>(model: ExperimentModel, work: () => Promise<T>): Promise<T> {
    const wanted = wantedOf(model.settings);
    return await model.endpoints.reduceRight<() => Promise<T>>(
      (inner, { shared }) =>
        () =>
          shared.whileWorking(model.experimentId, wanted, inner),
      work,
    )();
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    for (const { gate } of this.endpoints.values()) gate.dispose();
    await Promise.all([...this.models.values()].map(({ model }) => closeModel(model)));
  }

  private create(row: ExperimentRow, settings: EndpointConfig): ExperimentModel {
    const decided = row.effective_parameters;
    const frozen = JSON.parse(row.frozen_config) as FrozenConfig;
    const model = createExperimentModel({
      experimentId: row.experiment_id,
      frozen,
      settings,
      decided: decided === null ? null : (JSON.parse(decided) as EffectiveParameters),
      environment: this.environment,
      sharedOf: (origin) => this.endpointOf(origin, settings, frozen.modelName),
    });
    model.line.setMostAtOnePlace(mostAtOnePlace(settings));
    const { requestsPerMinute = null, tokensPerMinute = null } = settings;
    for (const { origin, shared } of model.endpoints) {
      shared.rate.setLimits({ requestsPerMinute, tokensPerMinute });
      this.probers.set(origin, model);
    }
    writeIfPossible(() =>
      this.store.endpoints.keepOnly(
        row.experiment_id,
        model.endpoints.map(({ origin }) => origin),
      ),
    );
    return model;
  }

  private getRow(experimentId: string): ExperimentRow {
    const row = this.store.experiments.get(experimentId);
    if (row === undefined) throw new Error('the experiment is not in the results file');
    return row;
  }

  private currentKey(experimentId: string): ModelKey {
    const row = this.getRow(experimentId);
    return keyOf(row, JSON.parse(row.endpoint_config) as EndpointConfig);
  }

  private endpointOf(
    origin: string,
    { timeoutMs, learnsTimeout }: EndpointConfig,
    modelName: string,
  ): Endpoint {
    const known = this.endpoints.get(origin);
    if (known !== undefined) return known;
    const endpoint = new Endpoint({
      timeoutMs,
      learnsTimeout: learnsTimeout ?? false,
      remembered: () => this.store.endpoints.foundConcurrency(origin, modelName),
      probe: () => probe(this.probers.get(origin)!, origin),
      onGate: (experimentId, state) =>
        writeIfPossible(() =>
          tellWaiting(this.store, this.models.get(experimentId)!.model, { origin, state }),
        ),
      onConcurrency: (experimentId, change) =>
        writeIfPossible(() => tellConcurrency(this.store, experimentId, { origin, modelName, change })),
    });
    this.endpoints.set(origin, endpoint);
    return endpoint;
  }
}

/** Takes over another number of calls at once while they fly. */
function retune(model: ExperimentModel, settings: EndpointConfig): void {
  model.settings = settings;
  model.line.setMostAtOnePlace(mostAtOnePlace(settings));
  for (const { shared } of model.endpoints) shared.setWanted(model.experimentId, wantedOf(settings));
}

async function closeModel({ endpoints }: ExperimentModel): Promise<void> {
  await Promise.all(endpoints.map(({ client }: ModelEndpoint) => client.close()));
}

/** A call as small as can be about a made-up text. */
async function probe({ endpoints, frozen, render, parameters }: ExperimentModel, at: string): Promise<void> {
  const request = { model: frozen.modelName, ...render(SYNTHETIC_NARRATIVE) };
  await endpoints
    .find(({ origin }) => origin === at)!
    .client.send(
      { ...request, parameters: { ...parameters, maxTokens: PROBE_MAX_TOKENS, jsonMode: 'none' } },
      { timeoutMs: PROBE_TIMEOUT_MS },
    );
}

/** How many calls at once is no part of it: that changes while they fly. */
function keyOf(
  { experiment_id, effective_parameters }: ExperimentRow,
  { concurrency: _, maxConcurrency: _most, ...places }: EndpointConfig,
): ModelKey {
  return `${experiment_id}\n${JSON.stringify(places)}\n${effective_parameters ?? ''}`;
}
