/** Published numbers (resources/published.json): read-only rows to stand beside one's own, never ranked across protocols. */
import { z } from 'zod';
import type { RunRecord } from '../records.ts';

const publishedRow = z.strictObject({
  system: z.string(),
  model: z.string(),
  epochs: z.int().optional(),
  protocol: z.string(),
  metric: z.string(),
  value: z.number(),
  spread: z.number().optional(),
  runs: z.int().optional(),
  unit: z.string().optional(),
  kind: z.enum(['text', 'figure', 'quoted']),
  source: z.string(),
});
export type PublishedRow = z.infer<typeof publishedRow>;

export const publishedFile = z.strictObject({
  note: z.string(),
  protocolsNote: z.string(),
  protocols: z.record(
    z.string(),
    z.strictObject({
      evaluation: z.enum(['linear', 'knn', 'instdisc', 'stats']),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
  rows: z.array(publishedRow),
});
export type Published = z.infer<typeof publishedFile>;
type PublishedProtocol = Published['protocols'][string];

/** How the number was read off its source. */
export const kindWords = {
  text: 'as written there',
  figure: 'read off the figure',
  quoted: 'quoted there from another paper',
} as const satisfies Record<PublishedRow['kind'], string>;

/** Whether a published number belongs in the column of a field. */
export function fitsColumn(row: PublishedRow, { evaluation }: PublishedProtocol, field: string): boolean {
  if (evaluation === 'stats') return field === `result:stats/${camelCase(row.metric)}`;
  if (evaluation === 'instdisc') return field === 'result:instdisc/top/0' && row.metric === 'instdisc_top1';
  if (evaluation === 'linear') {
    return field === `result:linear/${row.metric}` || (field === 'result:linear/bestTop1' && row.metric === 'top1');
  }
  return row.metric === 'top1' && knnFields.has(field);
}

const knnFields = new Set(['knn', 'result:knn/bestAccuracy', 'best:probe/bestAccuracy']);

/** alignment_d_sd -> alignmentDSd */
function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/**
 * What of the published protocol a run's own result contradicts or does not say; null where it is the same.
 * Words for people: "classes: 10 here, 1000 there".
 */
export function whyOtherProtocol(run: RunRecord, { evaluation, facts }: PublishedProtocol): string | null {
  const result = run.results[evaluation];
  if (!result) return `no ${evaluation} result here`;
  const own: Record<string, unknown> = { ...result.values, ...result.protocol };
  const other = Object.entries(facts).find(([fact, value]) => String(own[fact]) !== String(value));
  if (!other) return null;
  const [fact, value] = other;
  return `${fact}: ${own[fact] === undefined ? 'not told' : String(own[fact])} here, ${value} there`;
}

/** The numbers of one system, model and length of training in one source. */
export interface PublishedSet {
  /** Made of what it names, so that it stays the same: "moco-v2.resnet50.200". */
  id: string;
  numbers: PublishedRow[];
}

export function publishedSets({ rows }: Published): PublishedSet[] {
  const sets = Map.groupBy(rows, ({ system, model, epochs, source }) =>
    JSON.stringify([system, model, epochs, source]),
  );
  const taken = new Map<string, number>();
  return [...sets.values()].map((numbers) => {
    const { system, model, epochs } = numbers[0]!;
    const name = [system, model, ...(epochs === undefined ? [] : [epochs])].map(slugOf).join('.');
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    return { id: count === 1 ? name : `${name}.${count}`, numbers };
  });
}

function slugOf(text: string | number): string {
  return String(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** The first field of a table that a published number stands in. */
export function fieldOfPublished(row: PublishedRow, protocol: PublishedProtocol): string | undefined {
  const fields = [`result:linear/${row.metric}`, `result:stats/${camelCase(row.metric)}`, ...publishedFields];
  return fields.find((field) => fitsColumn(row, protocol, field));
}

const publishedFields = ['result:instdisc/top/0', 'result:knn/bestAccuracy'];
