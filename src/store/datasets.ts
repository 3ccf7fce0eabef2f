/** Datasets: imported files, addressed by the content of their texts, and their narratives. */
import type { SourceDataset, SourceNarrative } from '../dataset/read-dataset';
import { joinTransaction } from './join-transaction';
import type { ResultsDatabase } from './results-database';

/** What an import found in the results file. */
export interface ImportedDataset {
  datasetId: number;
  /** false = the same texts were there already. */
  isNew: boolean;
  /** Narratives whose labels the file now gives differently; they were taken over. */
  nRelabelled: number;
}

/** A dataset as it was imported. */
export interface DatasetRow {
  dataset_id: number;
  texts_sha256: string;
  file_sha256: string;
  file_md5: string;
  source_path: string;
  n_narratives: number;
  imported_at: string;
}

export class Datasets {
  constructor(
    private readonly database: ResultsDatabase,
    private readonly now: () => Date,
  ) {}

  /** Imports all narratives, or only their labels where the same texts are there already. */
  importDataset(dataset: SourceDataset): ImportedDataset {
    return joinTransaction(this.database, () => {
      const existing = this.database
        .prepare('SELECT dataset_id FROM datasets WHERE texts_sha256 = ?')
        .pluck()
        .get(dataset.textsSha256) as number | undefined;
      if (existing === undefined) {
        return { datasetId: this.insert(dataset), isNew: true, nRelabelled: 0 };
      }
      const nRelabelled = this.updateLabels(existing, dataset.narratives);
      this.database
        .prepare('UPDATE datasets SET file_sha256 = ?, file_md5 = ?, source_path = ? WHERE dataset_id = ?')
        .run(dataset.checksums.sha256, dataset.checksums.md5, dataset.file, existing);
      return { datasetId: existing, isNew: false, nRelabelled };
    });
  }

  /** The dataset last imported from a file with this checksum; undefined = never seen. */
  findByFile(fileSha256: string): DatasetRow | undefined {
    return this.database
      .prepare('SELECT * FROM datasets WHERE file_sha256 = ? ORDER BY dataset_id DESC')
      .get(fileSha256) as DatasetRow | undefined;
  }

  /** The dataset with these texts; undefined = they were never imported. */
  findByTexts(textsSha256: string): DatasetRow | undefined {
    return this.database.prepare('SELECT * FROM datasets WHERE texts_sha256 = ?').get(textsSha256) as
      DatasetRow | undefined;
  }

  /** The dataset last imported from a file of this path; undefined = none. */
  findByPath(sourcePath: string): DatasetRow | undefined {
    return this.database
      .prepare('SELECT * FROM datasets WHERE source_path = ? ORDER BY dataset_id DESC')
      .get(sourcePath) as DatasetRow | undefined;
  }

  /** Dataset by id; undefined = no such dataset. */
  get(datasetId: number): DatasetRow | undefined {
    return this.database.prepare('SELECT * FROM datasets WHERE dataset_id = ?').get(datasetId) as
      DatasetRow | undefined;
  }

  /** Narratives in their order, at most `limit` of them; null = all. */
  *narratives(datasetId: number, limit: number | null): Iterable<SourceNarrative> {
    const rows = this.database
      .prepare(
        `SELECT incident_id, narrative_type, narrative_text FROM source_narratives
         WHERE dataset_id = ? ORDER BY narrative_id LIMIT ?`,
      )
      .iterate(datasetId, limit ?? -1) as Iterable<Record<string, string>>;
    for (const row of rows) {
      yield {
        incidentId: row.incident_id!,
        narrativeType: row.narrative_type!,
        text: row.narrative_text!,
        manualFlagInd: null,
        manualFlag: null,
        attributes: null,
      };
    }
  }

  private insert(dataset: SourceDataset): number {
    const importedAt = this.now().toISOString();
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT INTO datasets (texts_sha256, file_sha256, file_md5, source_path, n_narratives, load_report, imported_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        dataset.textsSha256,
        dataset.checksums.sha256,
        dataset.checksums.md5,
        dataset.file,
        dataset.nNarratives,
        JSON.stringify(dataset.report),
        importedAt,
      );
    const datasetId = Number(lastInsertRowid);
    const insert = this.database.prepare(
      `INSERT INTO source_narratives (incident_id, narrative_type, narrative_text, manual_flag_ind, manual_flag,
         data_source, data_checksum, loaded_at, dataset_id, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const narrative of dataset.narratives) {
      insert.run(
        narrative.incidentId,
        narrative.narrativeType,
        narrative.text,
        narrative.manualFlagInd,
        narrative.manualFlag,
        dataset.file,
        dataset.checksums.md5,
        importedAt,
        datasetId,
        narrative.attributes === null ? null : JSON.stringify(narrative.attributes),
      );
    }
    return datasetId;
  }

  /** A blank in the file never erases a label: it may have come by `labels import`. */
  private updateLabels(datasetId: number, narratives: Iterable<SourceNarrative>): number {
    const setLabels = this.database.prepare(
      `UPDATE source_narratives
       SET manual_flag_ind = coalesce($ind, manual_flag_ind), manual_flag = coalesce($flag, manual_flag) ${OF_NARRATIVE}
         AND (manual_flag_ind IS NOT coalesce($ind, manual_flag_ind)
           OR manual_flag IS NOT coalesce($flag, manual_flag))`,
    );
    const setAttributes = this.database.prepare(
      `UPDATE source_narratives SET attributes = $attributes ${OF_NARRATIVE} AND attributes IS NOT $attributes`,
    );
    let relabelled = 0;
    for (const narrative of narratives) {
      const key = { datasetId, incidentId: narrative.incidentId, type: narrative.narrativeType };
      const labels = { ind: narrative.manualFlagInd, flag: narrative.manualFlag };
      relabelled += setLabels.run({ ...key, ...labels }).changes;
      const { attributes } = narrative;
      setAttributes.run({ ...key, attributes: attributes === null ? null : JSON.stringify(attributes) });
    }
    return relabelled;
  }
}

const OF_NARRATIVE = `
WHERE dataset_id = $datasetId AND incident_id = $incidentId AND narrative_type = $type`;
