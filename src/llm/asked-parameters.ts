import type { FrozenConfig } from '../config/frozen-config';
import type { AskedParameters } from './effective-parameters';

/** What a frozen config asks the calls to be made with. One from before the JSON modes asks for none. */
export function askedParameters(frozen: FrozenConfig): AskedParameters {
  return {
    modelName: frozen.modelName,
    temperature: frozen.temperature,
    maxTokens: frozen.maxTokens,
    responseFormat: frozen.responseFormat ?? 'none',
    seed: frozen.sendSeed === true ? frozen.seed : null,
    promptSaysJson: /json/i.test(frozen.systemPrompt + frozen.userTemplate),
  };
}
