/** Run as a process of its own: lists a synthetic ImageNet and prints what it took, as one JSON object. */
import { listDataset } from '../../../engine/datasets/list.ts';
import { imagenetLikeReader } from './synthetic-reader.ts';

const [classes = 1000, filesPerClass = 1300] = process.argv.slice(2).map(Number);
const before = process.memoryUsage.rss();
const started = performance.now();
let reports = 0;
let peak = before;
const listing = await listDataset('/data', imagenetLikeReader(classes, filesPerClass), {
  split: 'train',
  onProgress: () => {
    reports++;
    peak = Math.max(peak, process.memoryUsage.rss());
  },
});
const elapsedMs = performance.now() - started;
global.gc?.();
console.log(
  JSON.stringify({
    files: listing.files.length,
    classes: listing.classes.length,
    lastPath: listing.files.path(listing.files.length - 1),
    lastLabel: listing.labels.at(-1),
    reports,
    elapsedMs,
    peakGrowthBytes: Math.max(peak, process.memoryUsage.rss()) - before,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    keptBytes: process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers,
  }),
);
