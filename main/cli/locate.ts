/** A checkpoint as people name it at the command line: by its path, or by the first digits of its hash. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { withRouter } from './connect.ts';

/** The path that a job is given. What is neither a file nor an id stays a path, of which the job says that it is none. */
export async function locateCheckpoint(workspace: string, named: string): Promise<string> {
  if (existsSync(named) || !/^[0-9a-f]{4,64}$/i.test(named)) return resolve(named);
  const { location } = await withRouter(workspace, ({ api }) => api.checkpoints.get.query({ id: named }));
  return location;
}
