/**
 * Writes what is told again soon, such as progress or that the model server is waited for. A results file that cannot be
 * written is found out by the next answer, which tells it as it must be told.
 */
export function writeIfPossible(write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string' || !code.startsWith('SQLITE_')) throw error;
  }
}
