/** Whom a server of MLflow is told of, and whom it is not. */
import { expect, test } from 'vitest';
import { createMlflowService } from '../../../main/services/mlflow.ts';
import type { RunService } from '../../../main/services/runs.ts';
import type { TaskService } from '../../../main/services/tasks.ts';

function open(environment: NodeJS.ProcessEnv) {
  const started: { config: Record<string, unknown>; told: Record<string, string> | undefined }[] = [];
  const tasks: Pick<TaskService, 'start'> = {
    async start(kind, config, told) {
      started.push({ config, told });
      return { id: 'x', kind };
    },
  };
  const service = createMlflowService({ tasks: tasks as TaskService, runs: {} as RunService, environment });
  return { service, last: () => started.at(-1)! };
}

const told = (name: string, password: string, token = '') => ({
  MLFLOW_TRACKING_USERNAME: name,
  MLFLOW_TRACKING_PASSWORD: password,
  MLFLOW_TRACKING_TOKEN: token,
});

test("the environment's user is for its server alone, and a password is in no config", async () => {
  const { service, last } = open({ MLFLOW_TRACKING_URI: 'http://ada:lace@host:5000/', MLFLOW_TRACKING_TOKEN: 't' });
  expect(service.usual()).toEqual({ server: 'http://host:5000', experiment: 'contrast-studio' });
  await service.check({ server: 'http://host:5000' });
  expect(last().told).toEqual(told('ada', 'lace'));
  await service.check({ server: 'http://elsewhere:5000' });
  expect(last().told).toEqual(told('', ''));
  await service.check({ server: 'http://eve:50%25@elsewhere:5000', experiment: ' mine ' });
  expect(last()).toEqual({ config: { server: 'http://elsewhere:5000', experiment: 'mine' }, told: told('eve', '50%') });
  expect(service.knownUser('http://elsewhere:5000')).toBeNull();
  expect(service.knownUser('http://host:5000')).toEqual({ name: 'ada', from: 'environment' });
});

test('a user is kept where that is asked for, and forgotten', async () => {
  const { service, last } = open({ MLFLOW_TRACKING_URI: 'sqlite:///mlflow.db' });
  expect(service.usual().server).toBe('');
  const server = 'http://host:5000';
  await service.check({ server, user: { token: 'secret' }, keepUser: true });
  await service.check({ server: `${server}/` });
  expect(last().told).toEqual(told('', '', 'secret'));
  expect(JSON.stringify(service.knownUser(server))).not.toContain('secret');
  service.forgetUser(server);
  await service.check({ server });
  expect(last().told).toEqual(told('', ''));
});
