/** What can go wrong with an export. */
import { LonghaulError } from '../errors';

/** Thrown when an export cannot be written; nothing of it is left behind. */
export class ExportError extends LonghaulError {
  constructor(
    readonly file: string,
    reason: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(`Export ${file}: ${reason}. ${remedy}`, undefined, options);
  }
}
