/** Tells Temporal's list how an experiment stands, each time at the cost of one event. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES, type ExperimentAttributes } from '../experiment';

/**
 * Shows the attributes; absent = nothing is to be told. Whether and when is the worker's decision, which stands in the
 * results of its activities: a server that does not know the attributes would refuse them for ever.
 */
export function showAttributes(attributes: ExperimentAttributes | undefined): void {
  if (attributes === undefined) return;
  upsertSearchAttributes([
    { key: { name: 'ExpStatus', type: SEARCH_ATTRIBUTES.ExpStatus }, value: attributes.ExpStatus },
    { key: { name: 'ExpName', type: SEARCH_ATTRIBUTES.ExpName }, value: attributes.ExpName },
    { key: { name: 'ExpModel', type: SEARCH_ATTRIBUTES.ExpModel }, value: attributes.ExpModel },
    { key: { name: 'ExpDone', type: SEARCH_ATTRIBUTES.ExpDone }, value: attributes.ExpDone },
    { key: { name: 'ExpErrors', type: SEARCH_ATTRIBUTES.ExpErrors }, value: attributes.ExpErrors },
  ]);
}
