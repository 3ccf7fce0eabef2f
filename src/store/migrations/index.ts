/**
 * The schema of the results file as an ordered list: entry i brings a file from `user_version` i to i + 1. An entry
 * that has been released is never changed; a new one is appended.
 * Table and column names of `source_narratives`, `experiments` and `narrative_results` are a contract with
 * users' SQL and notebooks: columns are added, never renamed.
 */
import { INITIAL_SCHEMA } from './0001-initial-schema';
import { OLDER_FILES } from './0002-older-files';
import { EFFECTIVE_PARAMETERS } from './0003-effective-parameters';
import { ANSWER_READINGS } from './0004-answer-readings';
import { ENDPOINTS } from './0005-endpoints';
import { ASK_ONCE } from './0006-ask-once';
import { NOTIFICATIONS } from './0007-notifications';

/** Marks a file as ours in `PRAGMA application_id`: the letters LNGH. */
export const APPLICATION_ID = 0x4c4e4748;

/** All migrations that a file lacks run in one transaction together with its version. */
export const MIGRATIONS: readonly string[] = [
  INITIAL_SCHEMA,
  OLDER_FILES,
  EFFECTIVE_PARAMETERS,
  ANSWER_READINGS,
  ENDPOINTS,
  ASK_ONCE,
  NOTIFICATIONS,
];
