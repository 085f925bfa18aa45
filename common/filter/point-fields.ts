/**
 * Fields that are no part of a run's record; their values are read from its points when somebody asks for them:
 *
 *     at20:probe/bestAccuracy     what was measured after epoch 20; of single steps, with the last one of that epoch
 *     mean5:epoch/loss            mean of the last 5 points; of all where there are fewer
 */
export interface PointField {
  field: string;
  series: string;
  taken: { epoch: number } | { last: number };
}

export function pointFieldOf(field: string): PointField | undefined {
  const [, how, digits, series] = /^(at|mean)([1-9]\d{0,6}):(.+)$/.exec(field) ?? [];
  if (!series) return undefined;
  const number = Number(digits);
  return { field, series, taken: how === 'at' ? { epoch: number } : { last: number } };
}

/** Those among the fields, each once, in their order. */
export function pointFieldsIn(fields: Iterable<string>): string[] {
  return [...new Set(fields)].filter((field) => pointFieldOf(field) !== undefined);
}
