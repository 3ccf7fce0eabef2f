import type { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { registerSearchAttributes } from '../../src/temporal/search-attributes';
import { temporalCliPath } from '../helpers/temporal-cli';

jest.setTimeout(60_000);

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const path = await temporalCliPath();
  environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
});
afterAll(async () => {
  await environment?.teardown();
});

it('a server learns the columns at the first start, and every further start finds them', async () => {
  const { connection } = environment;
  expect(await registerSearchAttributes(connection, 'default')).toBe(true);
  expect(await registerSearchAttributes(connection, 'default')).toBe(true);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  expect(customAttributes).toMatchObject({ ExpStatus: 2, ExpName: 2, ExpModel: 2, ExpDone: 3, ExpErrors: 3 });
});

it('a namespace that is not there, as one where it is not permitted, has no columns and no error', async () => {
  expect(await registerSearchAttributes(environment.connection, 'elsewhere')).toBe(false);
});

it('a server that has a column of that name and another type is not asked to use it', async () => {
  const operatorService = {
    listSearchAttributes: () => Promise.resolve({ customAttributes: { ExpStatus: 3 } }),
    addSearchAttributes: () => Promise.resolve({}),
  };
  const withDeadline = (_deadline: number, work: () => Promise<unknown>): Promise<unknown> => work();
  const connection = { operatorService, withDeadline } as unknown as Connection;
  expect(await registerSearchAttributes(connection, 'default')).toBe(false);
});
