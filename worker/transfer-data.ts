/** The data sets of transfer, as training and test images with labels. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { TransferConfig } from '../common/jobs/transfer.ts';
import { type DatasetListing, listDataset } from '../engine/datasets/list.ts';
import { splitByClass } from '../engine/datasets/split-by-class.ts';
import { findCifar, unpackCifar } from './datasets/cifar.ts';
import { diskReader } from './datasets/folder-reader.ts';
import { cacheFolder } from './evaluation.ts';
import type { JobContext } from './job.ts';
import { listTrainAndVal } from './labelled-split.ts';

export interface TransferData {
  train: DatasetListing;
  val: DatasetListing;
  /** What of it is a part of the protocol. */
  protocol: Record<string, unknown>;
}

const caltechFolder = '101_ObjectCategories';
/** Of Caltech-101: no class, and in no published split. */
const clutter = 'BACKGROUND_Google';

export async function openTransferData(config: TransferConfig, context: JobContext): Promise<TransferData> {
  const { data, dataset, trainPerClass, seed } = config;
  const cifar = dataset === 'folder' || dataset === 'caltech101' ? undefined : await findCifar(data);
  if (cifar && (dataset === 'auto' || dataset === cifar.dataset)) {
    const folder = await unpackCifar(cifar, cacheFolder(context.folder), context);
    const protocol = { dataset: cifar.dataset, format: cifar.format };
    return { ...(await listTrainAndVal(folder, context)), protocol };
  }
  if (dataset === 'cifar10' || dataset === 'cifar100') {
    const found = cifar ? `they are of ${cifar.dataset}` : 'there are none of it';
    throw new AppError('data-invalid', `${data} does not hold the files of ${dataset}: ${found}.`, {
      cure: "Give the folder that the published archive unpacks to, of Python's or of binary files.",
      field: 'dataset',
    });
  }
  const inside = join(data, caltechFolder);
  const root = existsSync(inside) ? inside : data;
  const isCaltech = dataset === 'caltech101' || (dataset === 'auto' && basename(root) === caltechFolder);
  const { splits } = await listDataset(root, diskReader, { emptyClass: 'warn', signal: context.wishes.signal });
  if (splits.length > 0 || !isCaltech) {
    const protocol = { dataset: isCaltech ? 'caltech101' : 'folder' };
    return { ...(await listTrainAndVal(root, context)), protocol };
  }
  const listing = await listDataset(root, diskReader, { signal: context.wishes.signal });
  const { train, test } = splitByClass(listing, { trainPerClass, seed, without: [clutter] });
  return { train, val: test, protocol: { dataset: 'caltech101', trainPerClass, splitSeed: seed } };
}
