import type { DemoRecord } from './demo-record.ts';
import type { Artist } from './emoji-art.ts';

/** The text that goes with the pictures: what they are, whose they are, and under which licences. */
export function describeDemo({ version, plan, images, sizeBytes, artists }: DemoRecord): string {
  const { classes, sizePixels, trainPerClass, valPerClass, unseenPerClass, seed } = plan;
  return `# Contrast Studio demo dataset

${images} pictures of ${sizePixels} x ${sizePixels} pixels in ${classes.length} classes, ${(sizeBytes / 1e6).toFixed(1)} MB; version ${version}, seed ${seed}.

| folder | images | drawn by |
|---|---|---|
| \`train/\` | ${classes.length * trainPerClass} | ${names(artists.training)} |
| \`val/\` | ${classes.length * valPerClass} | the same, placed otherwise |
| \`val-unseen-artist/\` | ${classes.length * unseenPerClass} | ${artists.unseen.name}, of whom \`train/\` holds nothing |

Each picture is one emoji on white: 0.4 to 0.9 of the side in size, anywhere, tilted by up to 45 degrees, mirrored or not.
Where an emoji lies, how large it is and by whom it was drawn says nothing about its class, so that neighbours in pixels are
often wrong ones; \`val-unseen-artist/\` asks whether a model knows a pizza that someone else drew.

The pictures were drawn from the seed by Contrast Studio; \`dataset.json\` holds all that is needed to draw them again.

## Artists and licences

The drawings belong to their artists. Scaled, turned and placed, they stay under the artists' licences:

| artist | licence | source |
|---|---|---|
${[...artists.training, artists.unseen].map(({ name, licence, source }) => `| ${name} | ${licence} | ${source} |`).join('\n')}

The end of each file's name tells its artist.
`;
}

function names(artists: readonly Artist[]): string {
  return artists.map(({ name }) => name).join(', ');
}
