import { defineSearchAttributeKey, type SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../src/experiment';

/** The columns of Temporal's list, as a dev server for tests takes them. */
export const SEARCH_ATTRIBUTE_KEYS = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) =>
  defineSearchAttributeKey<SearchAttributeType>(name, type),
);
