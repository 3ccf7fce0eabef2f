/** What a process that works may be told besides its results file. */
import { InvalidArgumentError, type Command } from 'commander';
import { formatListenAddress, parseListenAddress } from '../monitoring/listen-address';
import type { CommandContext } from './command-context';

export interface ServeFlags {
  /** Where metrics are served. */
  metrics?: string;
  /** Where logs are written to. */
  logDir?: string;
}

/** Adds the options. */
export function declareServeOptions(command: Command): Command {
  return command
    .option(
      '--metrics <address>',
      'serve Prometheus metrics there: host:port or port, on this machine where no host is written',
      parseAddress,
    )
    .option('--log-dir <folder>', 'write a log of JSON lines for each experiment there');
}

/** The context with what the options say in place of what the environment says. */
export function withServeFlags(context: CommandContext, { metrics, logDir }: ServeFlags): CommandContext {
  const said = {
    ...(metrics === undefined ? {} : { LONGHAUL_METRICS: metrics }),
    ...(logDir === undefined ? {} : { LONGHAUL_LOG_DIR: logDir }),
  };
  return { ...context, environment: { ...context.environment, ...said } };
}

function parseAddress(text: string): string {
  const address = parseListenAddress(text);
  if (address === null) throw new InvalidArgumentError('It must be host:port, :port or a port.');
  return formatListenAddress(address);
}
