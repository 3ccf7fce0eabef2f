/** The model of one experiment as a worker asks it: its servers, the line of its calls, and what they are made with. */
import type { Environment } from '../config/environment';
import type { EndpointConfig, EndpointPlace } from '../config/load-config';
import type { FrozenConfig } from '../config/frozen-config';
import { askedParameters } from '../llm/asked-parameters';
import type { CallFault } from '../llm/call-fault';
import { CallLine } from '../llm/call-line';
import type { CallSlots } from '../llm/call-slots';
import { createChatClient, type ChatClient } from '../llm/chat-client';
import { dialectNamed, dialectOfHost, dialectOfProvider } from '../llm/dialect';
import { startingParameters, type EffectiveParameters } from '../llm/effective-parameters';
import { FaultHistory } from '../llm/fault-history';
import { createPromptRenderer, type RenderedPrompt } from '../llm/render-prompt';
import { TokenEstimate } from '../llm/token-estimate';
import type { Endpoint } from './endpoint';

/** One server of an experiment's model. */
export interface ModelEndpoint extends EndpointPlace {
  /** Scheme, host and port. */
  readonly origin: string;
  /** null = none configured, or its variable is not set. */
  readonly apiKey: string | null;
  readonly client: ChatClient;
  /** What it shares with the other experiments of this server. */
  readonly shared: Endpoint;
  readonly slots: CallSlots;
  /** Tokens of prompt and reply together; null = it does not tell. */
  contextWindow: number | null;
  /** What faults in a row mean here; begins anew with each return of the server. */
  faults: FaultHistory;
  /** Why it is left out while others are asked; null = it is asked. */
  leftOutBecause: string | null;
  /** When it was last seen in line, or tried again; monotonic milliseconds. */
  triedAtMs: number;
}

/** All that is needed to ask the model about a narrative of one experiment. */
export interface ExperimentModel {
  readonly experimentId: string;
  readonly frozen: FrozenConfig;
  /** Where the calls go and how fast; the number of calls at once may change. */
  settings: EndpointConfig;
  readonly endpoints: readonly ModelEndpoint[];
  /** Its calls that wait for a slot, at whichever server. */
  readonly line: CallLine<ModelEndpoint>;
  readonly render: (text: string) => RenderedPrompt;
  /** What every call is made with: as frozen, or what a preflight would try first. */
  readonly parameters: EffectiveParameters;
  /** What a call will use, for the limits of a minute. */
  readonly tokens: TokenEstimate;
  /** Whether the parameters are frozen in the row. */
  readonly isDecided: boolean;
  /** The fault for which the experiment is to pause: no further call; a preflight begins anew. null = none. */
  unusable: CallFault | null;
  /** When its servers were last looked after; monotonic milliseconds. */
  lookedAfterAtMs: number;
}

/** What a model is made of. */
export interface ExperimentModelParts {
  experimentId: string;
  frozen: FrozenConfig;
  settings: EndpointConfig;
  /** null = a preflight has still to decide. */
  decided: EffectiveParameters | null;
  environment: Environment;
  /** The shared part of a server, by its origin. */
  sharedOf: (origin: string) => Endpoint;
}

/** Makes the model with all its servers in line; nothing is connected to. */
export function createExperimentModel(parts: ExperimentModelParts): ExperimentModel {
  const { experimentId, frozen, settings, decided } = parts;
  const places = [settings, ...(settings.further ?? [])];
  const endpoints = places.map((place) => createEndpoint(place, parts));
  const line = new CallLine<ModelEndpoint>();
  for (const endpoint of endpoints) line.open(endpoint);
  return {
    experimentId,
    frozen,
    settings,
    endpoints,
    line,
    render: createPromptRenderer(frozen),
    parameters:
      decided ?? startingParameters(dialectAt(settings, frozen), askedParameters(frozen), settings.apiUrl),
    tokens: new TokenEstimate(frozen.maxTokens),
    isDecided: decided !== null,
    unusable: null,
    lookedAfterAtMs: Number.NEGATIVE_INFINITY,
  };
}

/** A history that knows which model has to answer at a server; with several servers it is the same at each. */
export function newFaultHistory(
  { settings, isDecided, parameters }: Pick<ExperimentModel, 'settings' | 'isDecided' | 'parameters'>,
  apiUrl: string,
): FaultHistory {
  return faultHistoryAt(apiUrl, settings, isDecided ? parameters : null);
}

function faultHistoryAt(
  apiUrl: string,
  { further = [] }: EndpointConfig,
  decided: EffectiveParameters | null,
): FaultHistory {
  const isSame = decided !== null && (decided.decidedAt === apiUrl || further.length > 0);
  return new FaultHistory({ repliedModel: isSame ? decided.repliedModel : null });
}

function createEndpoint(
  { apiUrl, apiKeyEnv }: EndpointPlace,
  { frozen, settings, decided, environment, sharedOf }: ExperimentModelParts,
): ModelEndpoint {
  const { origin } = new URL(apiUrl);
  const shared = sharedOf(origin);
  const apiKey = apiKeyEnv === null ? null : (environment[apiKeyEnv] ?? null);
  return {
    apiUrl,
    apiKeyEnv,
    origin,
    apiKey,
    client: createChatClient({
      apiUrl,
      apiKey,
      keyHeader: dialectAt({ apiUrl }, frozen).keyHeader,
      timeoutMs: settings.timeoutMs,
      allowedOrigins: settings.allowedHosts,
      onHeaders: (headers) => shared.rate.noteHeaders(headers),
    }),
    shared,
    slots: shared.slots,
    // The window that was frozen is that of the server where it was decided.
    contextWindow: decided?.decidedAt === apiUrl ? decided.contextWindow : null,
    faults: faultHistoryAt(apiUrl, settings, decided),
    leftOutBecause: null,
    triedAtMs: performance.now(),
  };
}

function dialectAt({ apiUrl }: Pick<EndpointPlace, 'apiUrl'>, { provider }: FrozenConfig) {
  return dialectOfProvider(provider) ?? dialectOfHost(new URL(apiUrl)) ?? dialectNamed('generic');
}
