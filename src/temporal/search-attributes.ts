/** The columns of Temporal's list of workflows that experiments use: made known to its server where that is permitted. */
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../experiment';

/** Temporal's numbers of the types, for its operator service. */
const TYPE_NUMBERS = { KEYWORD: 2, INT: 3 } as const;
/** A server that does not answer by then is not waited for: the run needs no columns. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Registers what is missing; false = the server does not know all of them with their types, so that none may be used:
 * it would refuse a workflow that sets one, for ever.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<boolean> {
  const wanted = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, TYPE_NUMBERS[type]] as const);
  const { operatorService } = connection;
  const areKnown = async (): Promise<boolean> => {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    return wanted.every(([name, type]) => Number(customAttributes[name]) === type);
  };
  try {
    return await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      if (await areKnown()) return true;
      await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(wanted) });
      return await areKnown();
    });
  } catch (error) {
    if (isGrpcServiceError(error)) return false;
    throw error;
  }
}
