/**
 * Exponential smoothing of a curve by distance along its steps.
 *
 * A point's weight decays with exp(-distance / window), so unevenly spaced (thinned) points count by the steps they
 * stand for. Debiased as in Adam (Kingma & Ba 2015, section 3): numerator and weight are averaged alike, so the start
 * is not pulled to 0 or to the first point. It depends on the past alone: what is drawn never moves as a run grows.
 * Not-a-numbers and infinities stay where they are and do not enter the average.
 *
 * @param steps step of each point, ascending
 * @param values the raw values, same length
 * @param window steps after which a point's weight has fallen to 1/e; 0 returns the values as they are
 */
export function smooth(steps: readonly number[], values: readonly number[], window: number): number[] {
  if (window <= 0) return [...values];
  let average = 0;
  let weight = 0;
  let previousStep: number | undefined;
  return values.map((value, index) => {
    if (!Number.isFinite(value)) return value;
    const step = steps[index]!;
    const distance = previousStep === undefined ? 1 : Math.max(step - previousStep, 0);
    const decay = Math.exp(-distance / window);
    previousStep = step;
    average = decay * average + (1 - decay) * value;
    weight = decay * weight + (1 - decay);
    return weight > 0 ? average / weight : value;
  });
}
