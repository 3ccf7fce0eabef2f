/** The environment variables of the process: the only place that reads them. Everything else is handed what it needs. */

/** Environment variables by name; undefined = not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A copy of the environment as it is now. */
export function readEnvironment(): Environment {
  return { ...process.env };
}

/** The value of a variable whose name the user chose; undefined = not set, also for names that every object has. */
export function getVariable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
