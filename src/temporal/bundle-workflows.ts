/** Build step: bundles the workflows once, so that no worker spends its start on it. Run by `npm run build`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

async function bundleWorkflows(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('../workflows/run-experiment'),
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(join(__dirname, 'workflow-bundle.js'), code);
}

void bundleWorkflows();
