/** What must hold between a config, the data and the machine; what concerns the config alone is in common/jobs. */
import { existsSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { teacherArchitectures } from '../../common/architectures.ts';
import type { DistillConfig } from '../../common/jobs/distill.ts';
import { distillIssues } from '../../common/jobs/distill-rules.ts';
import type { EvaluationConfig } from '../../common/jobs/evaluation.ts';
import type { TrainConfig } from '../../common/jobs/index.ts';
import { trainIssues } from '../../common/jobs/train-rules.ts';
import type { Estimates, Issue } from '../../common/launch.ts';
import type { BackendInfo } from '../../common/system.ts';
import type { DataSummarizer, DataSummary } from './data-summary.ts';
import { diskSpace } from './disk.ts';
import { type DistillationSize, distillationSize, type NamedNet } from './distillation-size.ts';
import { checkpointBytes, keptCheckpoints, parametersOf, type SizedConfig, trainingBytes } from './model-size.ts';

export interface CheckPorts {
  summarize: DataSummarizer;
  backend(): BackendInfo;
  workspace: string;
  /** Which net a checkpoint of the workspace holds; null for files that it does not know. */
  netOf(checkpoint: string): NamedNet | null;
}

interface Checked {
  issues: Issue[];
  estimates: Estimates | null;
}

export async function checkTraining(config: TrainConfig, ports: CheckPorts): Promise<Checked> {
  const data = await ports.summarize(config.data);
  const probe = config.probe ? await ports.summarize(config.probe) : data;
  const images = data.problem || data.atLeast ? null : data.images;
  const estimates = await estimatesOf(config, data, ports);
  const issues = [
    ...dataIssues('data', config.data, data),
    ...(config.probe ? dataIssues('probe', config.probe, probe) : []),
    ...probeIssues(config, probe),
    ...trainIssues(config, images),
    ...fileIssues('resume', config.resume),
    ...deviceIssues(config.device, ports.backend()),
    ...slowness(config, ports.backend()),
    ...roomIssues(estimates),
  ];
  return { issues, estimates };
}

export async function checkDistillation(config: DistillConfig, ports: CheckPorts): Promise<Checked> {
  const data = await ports.summarize(config.data);
  const probe = config.probe ? await ports.summarize(config.probe) : data;
  const images = data.problem || data.atLeast ? null : data.images;
  const student = { ...config, mlp: config.studentMlp ? ('simple' as const) : ('none' as const) };
  const size = distillationSize(student, teacherOf(config, ports), fileBytes(config.teacher));
  const estimates = await estimatesOf(student, data, ports, size);
  const issues = [
    ...dataIssues('data', config.data, data),
    ...(config.probe ? dataIssues('probe', config.probe, probe) : []),
    ...probeIssues(config, probe),
    ...distillIssues(config, images),
    ...fileIssues('teacher', config.teacher),
    ...fileIssues('resume', config.resume),
    ...deviceIssues(config.device, ports.backend()),
    ...slowness(config, ports.backend()),
    ...roomIssues(estimates),
  ];
  return { issues, estimates };
}

/** As the form says; else as the workspace's record of the checkpoint does. */
function teacherOf({ teacher, teacherArch, teacherMethod }: DistillConfig, ports: CheckPorts): NamedNet | null {
  const known = teacher === '' ? null : ports.netOf(teacher);
  if (teacherArch === 'auto') return known;
  // `-k resnet50w2 -s swav` is what the reference calls swav_resnet50w2.
  const theirs = `${teacherMethod}_${teacherArch}`;
  const arch = teacherArchitectures.some((one) => one === theirs) ? theirs : teacherArch;
  return { arch, stem: known?.stem ?? 'imagenet' };
}

/** An imported one is named by its folder: its file is in it. */
function fileBytes(path: string): number {
  const stat = path === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : 0;
}

/** Of a frozen backbone: `needsSplits` where it compares val with train. */
export async function checkEvaluation(
  config: Pick<EvaluationConfig, 'pretrained' | 'device'> & { data: string },
  needsSplits: boolean,
  ports: CheckPorts,
): Promise<Checked> {
  const data = await ports.summarize(config.data);
  const issues = [
    ...dataIssues('data', config.data, data),
    ...fileIssues('pretrained', config.pretrained),
    ...deviceIssues(config.device, ports.backend()),
  ];
  if (needsSplits && !data.problem && !data.probe) issues.push(withoutSplits('data', config.data, 'error'));
  return { issues, estimates: null };
}

/** Two of them, on the same images. */
export async function checkDrift(
  config: Pick<EvaluationConfig, 'pretrained' | 'device'> & { data: string; against: string },
  ports: CheckPorts,
): Promise<Checked> {
  const { issues, estimates } = await checkEvaluation(config, false, ports);
  return { issues: [...issues, ...fileIssues('against', config.against)], estimates };
}

/** CIFAR's files are no images by their names: whether there is anything to train on is found out by the run. */
export async function checkTransfer(
  config: Pick<EvaluationConfig, 'pretrained' | 'device'> & { data: string },
  ports: CheckPorts,
): Promise<Checked> {
  const summarize: DataSummarizer = async (folder) => {
    const summary = await ports.summarize(folder);
    return { ...summary, problem: summary.problem === 'empty' ? null : summary.problem };
  };
  return checkEvaluation(config, false, { ...ports, summarize });
}

export function dataIssues(field: string, path: string, { problem }: DataSummary): Issue[] {
  const issues: Issue[] = [];
  const wrong = (message: string) => issues.push({ field, level: 'error', message });
  if (problem === 'missing') wrong(`There is no folder ${path}.`);
  if (problem === 'not-a-folder') wrong(`${path} is a file; a folder of images is needed.`);
  if (problem === 'unreadable') wrong(`The folder ${path} may not be read.`);
  if (problem === 'empty') wrong(`There are no images in ${path} (JPEG, PNG, WebP, GIF, TIFF or BMP).`);
  return issues;
}

function probeIssues(config: Pick<TrainConfig, 'data' | 'probe'>, probe: DataSummary): Issue[] {
  if (probe.problem || probe.probe || probe.atLeast) return [];
  if (config.probe) return [withoutSplits('probe', config.probe, 'error')];
  const message = `${config.data} has no train/ and val/ with a folder for each class: kNN accuracy is not measured.`;
  return [{ field: 'probe', level: 'warning', message }];
}

function withoutSplits(field: string, path: string, level: Issue['level']): Issue {
  return { field, level, message: `${path} needs train/ and val/, each with a folder for each class.` };
}

function fileIssues(field: string, path: string): Issue[] {
  const stat = path === '' ? undefined : statSync(path, { throwIfNoEntry: false });
  // An imported one is named by its folder.
  if (path === '' || stat?.isFile() || (stat && existsSync(join(path, 'import.json')))) return [];
  return [{ field, level: 'error', message: `There is no checkpoint ${path}.` }];
}

function deviceIssues(device: TrainConfig['device'], backend: BackendInfo): Issue[] {
  if (device === 'auto' || backend.name === null || backend.devices.includes(device)) return [];
  return [
    {
      field: 'device',
      level: 'error',
      message: `This machine has no ${device} backend set up. ${backend.reason ?? ''}`.trim(),
      fix: { label: `Take ${backend.devices[0] ?? 'auto'}`, config: { device: 'auto' } },
    },
  ];
}

type SpeedFields = Pick<TrainConfig, 'device' | 'imageSize' | 'batchSize'>;

/** WebAssembly was measured at about a tenth of the native backend's speed. */
function slowness(config: SpeedFields, backend: BackendInfo): Issue[] {
  const device = config.device === 'auto' ? backend.devices[0] : config.device;
  if (device !== 'wasm' || config.imageSize * Math.sqrt(config.batchSize) <= 32 * 8) return [];
  const message = `WebAssembly is slow: ${config.batchSize} images of ${config.imageSize} px take long at each step. A dry run tells how long.`;
  return [{ field: 'device', level: 'warning', message }];
}

function roomIssues({ memoryBytes, diskBytes, freeDiskBytes, checkpointBytes }: Estimates): Issue[] {
  const issues: Issue[] = [];
  if (memoryBytes !== null && memoryBytes > totalmem()) {
    const message = `The step needs about ${gibibytes(memoryBytes)}, the machine has ${gibibytes(totalmem())}. Less batch, image size or queue needs less.`;
    issues.push({ field: 'batchSize', level: 'warning', message });
  }
  if (diskBytes !== null && freeDiskBytes !== null && diskBytes > freeDiskBytes) {
    const one = checkpointBytes ? `, ${gibibytes(checkpointBytes)} each` : '';
    const message = `Checkpoints need ${gibibytes(diskBytes)}${one}; ${gibibytes(freeDiskBytes)} are free.`;
    const fix = { label: 'Keep only the last and the best', config: { keepLast: 1, keepEvery: 0 } };
    issues.push({ field: 'keepLast', level: 'error', message, fix });
  }
  return issues;
}

function gibibytes(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

async function estimatesOf(
  config: SizedConfig,
  data: DataSummary,
  ports: CheckPorts,
  size: DistillationSize = { memoryBytes: trainingBytes(config), checkpointBytes: checkpointBytes(config) },
): Promise<Estimates> {
  const trainImages = data.problem ? null : data.images;
  // What does not fill a batch is left out.
  const stepsPerEpoch = trainImages === null ? null : Math.floor(trainImages / config.batchSize);
  const disk = await diskSpace(config.checkpointFolder || ports.workspace);
  return {
    trainImages,
    imagesAtLeast: data.atLeast,
    stepsPerEpoch,
    totalSteps: stepsPerEpoch === null ? null : stepsPerEpoch * config.epochs,
    parameters: parametersOf(config),
    ...size,
    diskBytes: size.checkpointBytes * keptCheckpoints(config),
    freeDiskBytes: disk?.freeBytes ?? null,
  };
}
