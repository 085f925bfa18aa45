/**
 * Decoding and augmenting beside Pillow: two random views of 500 x 375 JPEGs, on one core.
 *
 *   input [--size 224] [--images 24] [--seconds 4] [--repeats 5] [--peer-python PATH]
 *
 * Both are counted in images a second of processor time, of all their threads: on a busy machine that says what a core
 * does, where the clock says who else was there.
 */
import { execFile } from 'node:child_process';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import sharp from 'sharp';
import { randomAt } from '../../engine/random.ts';
import { viewPipeline } from '../../engine/views/pipeline.ts';
import { decodeImage, tuneDecoder } from '../../worker/images/decode.ts';

interface Throughput {
  imagesPerCoreSecond: number;
  imagesPerSecond: number;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', default: '224' },
      images: { type: 'string', default: '24' },
      seconds: { type: 'string', default: '4' },
      repeats: { type: 'string', default: '5' },
      'peer-python': { type: 'string' },
    },
  });
  const [size, images, seconds, repeats] = [values.size, values.images, values.seconds, values.repeats].map(Number);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-bench-'));
  const bytes = await drawPhotographs(folder.path, images!);
  console.log(`${images} JPEGs of 500 x 375, ${Math.round(bytes / images! / 1024)} KiB each; two views of ${size} px`);

  const ours: Throughput[] = [];
  const theirs: Throughput[] = [];
  for (let repeat = 0; repeat < repeats!; repeat++) {
    ours.push(await measure(folder.path, size!, seconds!));
    console.log(`ours    ${describe(ours.at(-1)!)}`);
    const python = values['peer-python'];
    if (!python) continue;
    theirs.push(await measurePeer(python, folder.path, size!, seconds!));
    console.log(`Pillow  ${describe(theirs.at(-1)!)}`);
  }
  const our = median(ours.map(({ imagesPerCoreSecond }) => imagesPerCoreSecond));
  console.log(`median: ours ${our.toFixed(1)} images/s a core`);
  if (theirs.length === 0) return;
  const their = median(theirs.map(({ imagesPerCoreSecond }) => imagesPerCoreSecond));
  const ratios = ours.map((one, turn) => one.imagesPerCoreSecond / theirs[turn]!.imagesPerCoreSecond);
  console.log(`median: Pillow ${their.toFixed(1)} images/s a core, ratio ${median(ratios).toFixed(2)} (aim 1.5)`);
}

async function measure(folder: string, size: number, seconds: number): Promise<Throughput> {
  tuneDecoder();
  const names = (await readdir(folder)).sort();
  const view = viewPipeline({
    preset: 'ssl-small',
    imageSize: size,
    cropScale: [0.2, 1],
    jitter: 1,
    greyScale: 0.5,
    gaussianBlur: 0.5,
    flip: 0.5,
  });
  const length = size * size * 3;
  const out = new Float32Array(new SharedArrayBuffer(2 * length * 4)); // what the loader's threads write to
  async function bothViews(image: number): Promise<void> {
    const picture = await decodeImage(join(folder, names[image % names.length]!), 'pil');
    for (const place of [0, 1]) view(picture, randomAt(0, 'view', image, place), out, place * length);
  }
  for (let image = 0; image < names.length; image++) await bothViews(image);
  const began = performance.now();
  const started = process.cpuUsage();
  let done = 0;
  for (; performance.now() - began < seconds * 1000; done++) await bothViews(done);
  const used = process.cpuUsage(started);
  return {
    imagesPerCoreSecond: (done * 1e6) / (used.user + used.system),
    imagesPerSecond: (done * 1e3) / (performance.now() - began),
  };
}

async function measurePeer(python: string, folder: string, size: number, seconds: number): Promise<Throughput> {
  const script = join(import.meta.dirname, 'peers/pil-input.py');
  const options = ['--size', String(size), '--seconds', String(seconds)];
  const { stdout } = await promisify(execFile)(python, [script, folder, ...options]);
  return JSON.parse(stdout);
}

/** JPEGs at quality 90 that resemble photographs: detail at every scale, and edges. Their size in bytes together. */
async function drawPhotographs(folder: string, count: number): Promise<number> {
  const [width, height] = [500, 375];
  let bytes = 0;
  for (let image = 0; image < count; image++) {
    const random = randomAt(0, 'photograph', image);
    const light = new Float32Array(width * height * 3).fill(random.uniform(90, 150));
    // Noise at ever finer scales whose strength falls with them, as in natural pictures (Field, 1987).
    for (let columns = 3, strength = 0.9; columns <= width; columns *= 2, strength *= 0.75) {
      const rows = Math.ceil(columns * 0.75);
      const noise = Uint8Array.from({ length: columns * rows * 3 }, () => random.integer(256));
      const layer = await sharp(noise, { raw: { width: columns, height: rows, channels: 3 } })
        .resize(width, height, { kernel: 'cubic', fit: 'fill' })
        .raw()
        .toBuffer();
      for (let index = 0; index < light.length; index++) light[index]! += (layer[index]! - 128) * strength;
    }
    const shapes = Array.from({ length: 12 }, () => {
      const colour = `hsl(${random.integer(360)} ${random.integer(80)}% ${20 + random.integer(60)}%)`;
      const [x, y, rx, ry] = [
        random.integer(width),
        random.integer(height),
        10 + random.integer(70),
        10 + random.integer(50),
      ];
      return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${colour}" fill-opacity="0.7"/>`;
    });
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
    const { size } = await sharp(Uint8Array.from(new Uint8ClampedArray(light)), { raw: { width, height, channels: 3 } })
      .composite([{ input: Buffer.from(drawing) }])
      .jpeg({ quality: 90 })
      .toFile(join(folder, `${String(image).padStart(3, '0')}.jpg`));
    bytes += size;
  }
  return bytes;
}

function describe({ imagesPerCoreSecond, imagesPerSecond }: Throughput): string {
  return `${imagesPerCoreSecond.toFixed(1).padStart(6)} images/s a core (${imagesPerSecond.toFixed(1)} by the clock)`;
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

if (import.meta.main) await run(process.argv.slice(2));
