/** What an upgrade needs to know of config, dataset and metrics, which the store does not import. */
import type { FingerprintParts } from '../../config/fingerprint';
import type { EndpointConfig } from '../../config/experiment-config';
import type { SourceNarrative } from '../../dataset/source-narrative';
import type { ConfusionMatrix, Scores } from '../../metrics/score';

/** Handed in by the commands. */
export interface UpgradeDependencies {
  textsSha256(narratives: Iterable<Pick<SourceNarrative, 'incidentId' | 'narrativeType' | 'text'>>): string;
  sha256Hex(text: string): string;
  fingerprintOf(parts: FingerprintParts): string;
  score(matrix: ConfusionMatrix): Scores;
  /** What holds for an experiment whose row does not say it. */
  defaults: Pick<EndpointConfig, 'timeoutMs' | 'concurrency'> & {
    maxTokens: number;
    seed: number;
    batchSize: number;
  };
  /** Version of this program. */
  version: string;
  now: Date;
}
