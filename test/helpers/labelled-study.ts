/**
 * A made-up results file with two experiments on 404 labelled narratives, 48 of them labelled yes. Their confusion counts
 * are those of two real experiments; everything else is invented.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answered, failed, finish, saveOutcomes, startStored, withStore } from './stored-study';

/** Ids of the two experiments, in the order in which they are compared. */
export interface LabelledStudy {
  first: string;
  second: string;
}

/** By label: answers of the first and of the second experiment, E = error, and how many narratives. */
const NARRATIVES: readonly (readonly [label: 0 | 1, first: '1' | '0' | 'E', second: '1' | '0', n: number])[] =
  [
    [1, '1', '1', 38],
    [1, '1', '0', 4],
    [1, '0', '1', 2],
    [1, '0', '0', 4],
    [0, '1', '1', 9],
    [0, '1', '0', 5],
    [0, '0', '1', 5],
    [0, '0', '0', 333],
    [0, 'E', '0', 4],
  ];

/** Writes data, configs and study.db into the folder. */
export function makeLabelledStudy(folder: string): LabelledStudy {
  mkdirSync(folder, { recursive: true });
  // Neighbours in the list become the two narratives of an incident, so that incidents are mixed.
  const narratives = NARRATIVES.flatMap((row) => Array.from({ length: row[3] }, () => row)).map(
    (_, index, all) => all[(index * 151) % all.length]!,
  );
  writeFileSync(
    join(folder, 'labelled.csv'),
    [
      'incident_id,narrative_type,narrative_text,manual_flag_ind,State',
      ...narratives.map(([label], index) =>
        [
          300_000 + Math.floor(index / 2),
          index % 2 === 0 ? 'cme' : 'le',
          `Made-up narrative number ${index} of a study that never was`,
          label,
          ['Ohio', 'Utah', 'Maine'][Math.floor(index / 2) % 3],
        ].join(','),
      ),
    ].join('\n'),
  );
  return withStore(folder, (store) => {
    const run = (name: string, version: string, of: 1 | 2): string => {
      writeFileSync(join(folder, `${name}.yaml`), configOf(name, version));
      const { decision } = startStored(store, folder, { config: `${name}.yaml` });
      const id = decision.experimentId;
      saveOutcomes(
        store,
        id,
        narratives.map((row, index) =>
          row[of] === 'E'
            ? failed('no JSON in the reply', 'parse')
            : answered(row[of] === '1', confidence(index)),
        ),
      );
      finish(store, id);
      return id;
    };
    return {
      first: run('indicators', 'v0.3.2_indicators', 1),
      second: run('indicators medium', 'v0.4.2_indicators', 2),
    };
  });
}

function confidence(index: number): number {
  return 0.55 + ((index * 37) % 45) / 100;
}

function configOf(name: string, version: string): string {
  return `
experiment: { name: ${name} }
model: { name: example/model-120b, provider: mlx, api_url: 'http://localhost:1234/v1/chat/completions', temperature: 0 }
prompt:
  version: ${version}
  system_prompt: Look for indicators, as version ${version} asks.
  user_template: 'Narrative: <<TEXT>>'
data: { file: labelled.csv }
run: { seed: 123 }
`;
}
