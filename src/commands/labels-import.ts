/** `client labels import FILE EXPERIMENT|DATASET`: labels that came after the answers, and the metrics they make. */
import type { CommandDefinition } from './command-definition';

/** `client labels import`. */
export const labelsImportCommand: CommandDefinition = {
  syntax: 'labels import <file> <experiment-or-dataset>',
  summary: 'take over labels from a CSV or Excel file and refresh the metrics',
  examples: [
    ['client labels import labels.csv study-1a2b3c4d5e', 'labels for the texts of an experiment'],
    ['client labels import labels.xlsx 2', 'labels for dataset 2, as `client show` numbers it'],
  ],
  run: async (context, _options, argument) => {
    const { importLabels } = await import('./import-labels.js');
    return importLabels(context, argument(0)!, argument(1)!);
  },
};
