/** A line of figures: what was measured, the median and the least of some rounds, and what it is to be. */
export function report(what: string, rounds: number, work: (round: number) => void, aimMs?: number) {
  const burdens: number[] = [];
  const times = Array.from({ length: rounds }, (_, round) => {
    const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
    work(round);
    const { user, system } = process.cpuUsage(cpuBefore);
    burdens.push((user + system) / 1000);
    return performance.now() - before;
  });
  // On a machine that has other work to do, the least of what the processor was busy is nearer to the truth.
  reportTimes(what, times, aimMs, `busy ${Math.min(...burdens).toFixed(1)} ms`);
}

export function reportTimes(what: string, timesMs: readonly number[], aimMs?: number, more = '') {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const [median, least] = [sorted[sorted.length >> 1]!, sorted[0]!];
  const aim = aimMs === undefined ? '' : `aim ${aimMs} ms${median <= aimMs ? '' : ', missed'}`;
  console.log(
    `${what.padEnd(44)} ${median.toFixed(1).padStart(8)} ms  least ${least.toFixed(1).padStart(8)} ms  ${more}  ${aim}`,
  );
}
