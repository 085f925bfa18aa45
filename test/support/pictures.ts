/** Small labelled pictures that differ by class and by picture, made by address. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { randomAt } from '../../engine/random.ts';

/** `<root>/<split>/<class>/<number>.png`: a coloured disc, its colour by class, its place and the ground by picture. */
export async function makePictures(
  root: string,
  { splits, side }: { splits: Record<string, number>; side: number },
  classes = ['blue', 'green', 'red'],
): Promise<void> {
  for (const [split, perClass] of Object.entries(splits)) {
    for (const [label, name] of classes.entries()) {
      await mkdir(join(root, split, name), { recursive: true });
      for (let index = 0; index < perClass; index++) {
        const pixels = picture(side, label, `${split}/${name}/${index}`);
        const file = join(root, split, name, `${index}.png`);
        await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
          .png()
          .toFile(file);
      }
    }
  }
}

function picture(side: number, label: number, address: string): Uint8Array {
  const random = randomAt(1, address);
  const ground = [random.integer(90), random.integer(90), random.integer(90)];
  const [x, y] = [random.uniform(side / 3, (2 * side) / 3), random.uniform(side / 3, (2 * side) / 3)];
  const radius = random.uniform(side / 5, side / 3);
  return Uint8Array.from({ length: side * side * 3 }, (_, place) => {
    const channel = place % 3;
    const pixel = Math.floor(place / 3);
    const inside = Math.hypot((pixel % side) - x, Math.floor(pixel / side) - y) < radius;
    return (inside && channel === 2 - (label % 3) ? 200 : ground[channel]!) + random.integer(40);
  });
}

/** `count` pictures of one colour each, without classes: all of the same one, or of colours that are far apart. */
export async function makePlainPictures(root: string, count: number, colours: 'same' | 'different'): Promise<void> {
  await mkdir(root, { recursive: true });
  for (let index = 0; index < count; index++) {
    const random = randomAt(1, `plain/${index}`);
    const [r, g, b] =
      colours === 'same' ? [122, 122, 122] : [random.integer(256), random.integer(256), random.integer(256)];
    const background = { r: r!, g: g!, b: b! };
    const picture = sharp({ create: { width: 32, height: 32, channels: 3, background } });
    await picture.png().toFile(join(root, `${index}.png`));
  }
}
