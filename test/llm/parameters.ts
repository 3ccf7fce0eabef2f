import { dialectNamed } from '../../src/llm/dialect';
import { startingParameters, type EffectiveParameters } from '../../src/llm/effective-parameters';

/** Parameters as a generic server is sent them, with changes. */
export function parameters(changes: Partial<EffectiveParameters> = {}): EffectiveParameters {
  const asked = {
    modelName: 'm',
    temperature: 0.1,
    maxTokens: 8192,
    responseFormat: 'auto',
    seed: null,
    promptSaysJson: true,
  } as const;
  return { ...startingParameters(dialectNamed('generic'), asked, 'http://127.0.0.1/v1'), ...changes };
}
