/** `client demo`: the whole job on made-up narratives with a simulated model, in a fresh folder each time. */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../errors';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';

const CONFIGS = join(__dirname, '../../configs');
const LATENCY = { kind: 'lognormal', meanMs: 300, sigma: 0.5 } as const;

/** `client demo`. */
export const demoCommand: CommandDefinition = {
  syntax: 'demo',
  summary: 'the whole job on made-up narratives with a simulated model',
  examples: [['client demo', 'in a fresh folder, with a simulated model']],
  run: (context) => demo(context),
};

/** Runs the demo and says where to look next. */
export async function demo(context: CommandContext): Promise<ExitCode> {
  // What the simulator and a start need would hold up every other command.
  const { startModelServer } = await import('../simulator/model-server.js');
  const { start } = await import('./start-experiment.js');
  const { AS_CONFIGURED } = await import('./wanted-experiment.js');
  const { output } = context;
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-demo-'));
  const server = await startModelServer({ latency: LATENCY });
  try {
    const config = readFileSync(join(CONFIGS, 'demo.yaml'), 'utf8');
    const configFile = join(folder, 'demo.yaml');
    writeFileSync(configFile, config.replace(/^(\s*api_url:).*$/m, `$1 ${server.url}`));
    copyFileSync(join(CONFIGS, 'demo-narratives.csv'), join(folder, 'demo-narratives.csv'));
    output.message(
      'The narratives of this demo are made up, and its model is simulated: the scores mean nothing.',
    );
    const resultsFile = join(folder, 'demo.db');
    const exitCode = await start(
      { ...context, workingDirectory: folder, resultsFile },
      { configFile, ...AS_CONFIGURED, replicate: 1, isNew: false, detach: false },
    );
    output.message('');
    output.message('Where to look next:');
    output.message(`  client status --db ${resultsFile}`);
    output.message(
      `  sqlite3 -readonly ${resultsFile} "SELECT narrative_type, detected, count(*) FROM narrative_results GROUP BY 1, 2"`,
    );
    output.message('  configs/example.yaml: what a config can say');
    return exitCode;
  } finally {
    await server.close();
  }
}
