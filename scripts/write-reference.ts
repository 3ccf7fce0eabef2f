/** Writes the references that are made from the code: npm run reference. */
import { writeFileSync } from 'node:fs';
import { makeReferences } from './reference';

void makeReferences().then((files) => {
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
});
