/** One run folder to one run of MLflow: made, or brought up to date. */
import type { PushedRun } from '../../common/interop.ts';
import { createdRun, foundRuns, type MlflowPair, type MlflowRun, noAnswer } from '../../common/mlflow.ts';
import { recordedEvents } from '../interop/recorded-metrics.ts';
import type { MlflowClient } from './client.ts';
import { limits } from './names.ts';
import { type Metric, metricsOf } from './points.ts';
import { type RunFacts, readFacts } from './run-facts.ts';

/** Number of the last event whose points are there; the greatest step among them. */
const seqTag = 'contrast.pushed_seq';
const stepTag = 'contrast.pushed_step';
/** MLflow takes a request of a million characters. */
const requestCharacters = 900_000;

interface Options {
  experiment: { id: string };
  signal: AbortSignal;
  /** How much of its events was gone through. */
  onBytes(end: number): void;
}

export async function pushRun(client: MlflowClient, folder: string, options: Options): Promise<PushedRun> {
  const facts = readFacts(folder);
  const found = await findRun(client, options.experiment.id, facts.id);
  const run = found ?? (await createRun(client, options.experiment.id, facts));
  const runId = run.info.run_id;
  await pushState(client, run, facts);
  await pushFacts(client, run, facts);
  const { points, repeated } = await pushPoints(client, folder, { run, data: facts.data, ...options });
  if (repeated > 0) {
    facts.remarks.push(
      `${repeated} points lie at steps that had been pushed: the run went on from an earlier one. MLflow keeps both.`,
    );
  }
  const page = `${client.server}/#/experiments/${options.experiment.id}/runs/${runId}`;
  const { id, name, remarks } = facts;
  return { id, name, mlflowRun: runId, page, created: found === null, points, remarks };
}

async function findRun(client: MlflowClient, experiment: string, id: string): Promise<MlflowRun | null> {
  const filter = `tags.\`contrast.run_id\` = '${id.replace(/[^\w-]/g, '')}'`;
  const body = { experiment_ids: [experiment], filter, max_results: 1 };
  const { runs } = await client.post('runs/search', body, foundRuns);
  return runs[0] ?? null;
}

/** It has its tag from the beginning: a push that ends right behind is found again by the next. */
async function createRun(client: MlflowClient, experiment: string, facts: RunFacts): Promise<MlflowRun> {
  const body = {
    experiment_id: experiment,
    run_name: facts.name,
    start_time: facts.startTime,
    tags: [{ key: 'contrast.run_id', value: facts.id }],
  };
  return (await client.post('runs/create', body, createdRun, { again: false })).run;
}

/** Before the points: a push that is broken off leaves no run that seems to be running for ever. */
async function pushState(client: MlflowClient, { info }: MlflowRun, facts: RunFacts): Promise<void> {
  const { status, endTime, name } = facts;
  if (info.status === status && info.run_name === name && (endTime === undefined || info.end_time === endTime)) return;
  const body = { run_id: info.run_id, status, run_name: name, ...(endTime !== undefined && { end_time: endTime }) };
  await client.post('runs/update', body, noAnswer);
}

/** Parameters of MLflow never change, and neither do the settings of a run: only those that are not there are sent. */
async function pushFacts(client: MlflowClient, { info, data }: MlflowRun, facts: RunFacts): Promise<void> {
  const there = { params: new Map(data.params.map(entry)), tags: new Map(data.tags.map(entry)) };
  const params = [...facts.parameters].filter(([key]) => !there.params.has(key)).map(asPair);
  const tags = [...facts.tags].filter(([key, value]) => (there.tags.get(key) ?? '') !== value).map(asPair);
  for (const part of inParts(params)) await log(client, info.run_id, { params: part });
  for (const part of inParts(tags)) await log(client, info.run_id, { tags: part });
}

const entry = ({ key, value }: MlflowPair): [string, string] => [key, value];
const asPair = ([key, value]: [string, string]): MlflowPair => ({ key, value });

function inParts(pairs: MlflowPair[]): MlflowPair[][] {
  const parts: MlflowPair[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const one of pairs) {
    const length = JSON.stringify(one).length + 1;
    const last = parts.at(-1);
    if (last && last.length < limits.parametersAtOnce && size + length <= requestCharacters) {
      last.push(one);
      size += length;
    } else {
      parts.push([one]);
      size = length;
    }
  }
  return parts;
}

async function log(
  client: MlflowClient,
  runId: string,
  batch: { metrics?: Metric[]; params?: MlflowPair[]; tags?: MlflowPair[] },
): Promise<void> {
  await client.post('runs/log-batch', { run_id: runId, ...batch }, noAnswer);
}

interface PointOptions extends Omit<Options, 'experiment'> {
  run: MlflowRun;
  data: unknown;
}

/**
 * Each batch says how far it goes. One that was taken but not answered is sent once more, which changes nothing: to
 * MLflow a point of the same name, step, time and value is the same.
 */
async function pushPoints(client: MlflowClient, folder: string, { run, data, signal, onBytes }: PointOptions) {
  const numberOf = (tag: string) => Number(run.data.tags.find(({ key }) => key === tag)?.value ?? -1);
  const pushed = { seq: numberOf(seqTag), step: numberOf(stepTag) };
  const atOnce = limits.entitiesAtOnce - 2; // the two tags count, too
  let batch: Metric[] = [];
  /** How far the batch goes. */
  const through = { ...pushed };
  let [lastStep, heard, points, repeated] = [0, 0, 0, 0];
  const flush = async () => {
    const tags = [
      { key: seqTag, value: String(through.seq) },
      { key: stepTag, value: String(through.step) },
    ];
    await log(client, run.info.run_id, { metrics: batch, tags });
    points += batch.length;
    batch = [];
  };
  for (const { event, end } of recordedEvents(folder)) {
    if (++heard % 2000 === 0) {
      onBytes(end);
      await new Promise(setImmediate); // a wish to stop can be heard
      signal.throwIfAborted();
    }
    const metrics = metricsOf(event, lastStep, data);
    if (event.type === 'metrics') lastStep = Math.max(lastStep, ...metrics.map(({ step }) => step));
    if (event.seq <= pushed.seq) continue;
    if (event.type === 'metrics' && event.group === 'step') {
      repeated += metrics.filter(({ step }) => step <= pushed.step).length;
    }
    // Whole events, so that the number says what is there; hardly any has more points than go into a batch.
    if (batch.length > 0 && batch.length + metrics.length > atOnce) {
      await flush();
      onBytes(end);
    }
    batch.push(...metrics);
    while (batch.length > atOnce) {
      const rest = batch.splice(atOnce);
      await flush();
      batch = rest;
    }
    through.seq = event.seq;
    through.step = Math.max(lastStep, pushed.step);
  }
  if (through.seq > pushed.seq) await flush();
  return { points, repeated };
}
