/** Shows how an experiment stands, in the page of its workflow and in the list of all. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { ExperimentOutcome, ExperimentProgress } from '../experiment';
import { describeOutcome, describeProgress } from './current-details';
import { showAttributes } from './search-attributes';

/** While it works. */
export function showProgress(progress: ExperimentProgress): void {
  setCurrentDetails(describeProgress(progress));
  showAttributes(progress.searchAttributes);
}

/** When it has stopped. */
export function showOutcome(outcome: ExperimentOutcome): void {
  setCurrentDetails(describeOutcome(outcome));
  showAttributes(outcome.searchAttributes);
}
