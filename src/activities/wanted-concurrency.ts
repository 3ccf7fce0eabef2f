/** How many calls at once an experiment wants to make at each of its servers. */
import type { EndpointConfig } from '../config/load-config';
import { CONFIG_DEFAULTS } from '../config/defaults';

export interface WantedConcurrency {
  /** `auto` = as many as are of use. */
  concurrency: number | 'auto';
  /** The bound of `auto`. */
  most: number;
}

/** What the settings ask for. */
export function wantedOf({ concurrency, maxConcurrency }: EndpointConfig): WantedConcurrency {
  return { concurrency, most: maxConcurrency ?? CONFIG_DEFAULTS.maxConcurrency };
}

/** An experiment never has more calls in flight at a server than its own config allows, whoever else works there. */
export function mostAtOnePlace(settings: EndpointConfig): number {
  const { concurrency, most } = wantedOf(settings);
  return concurrency === 'auto' ? most : concurrency;
}
