/** What a process that stays may be told besides its results file. */
import { InvalidArgumentError, type Command } from 'commander';
import { formatListenAddress, parseListenAddress } from '../monitoring/listen-address';
import type { CommandContext } from './command-context';

export interface ServeFlags {
  /** Where metrics are served. */
  metrics?: string;
}

/** Adds the options. */
export function declareServeOptions(command: Command): Command {
  return command.option(
    '--metrics <address>',
    'serve Prometheus metrics there: host:port or port, on this machine where no host is written',
    parseAddress,
  );
}

/** The context with what the options say in place of what the environment says. */
export function withServeFlags(context: CommandContext, { metrics }: ServeFlags): CommandContext {
  if (metrics === undefined) return context;
  return { ...context, environment: { ...context.environment, LONGHAUL_METRICS: metrics } };
}

function parseAddress(text: string): string {
  const address = parseListenAddress(text);
  if (address === null) throw new InvalidArgumentError('It must be host:port, :port or a port.');
  return formatListenAddress(address);
}
