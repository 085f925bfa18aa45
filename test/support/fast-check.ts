/** fast-check whose cases are the same in every run: what fails on one machine fails on all. CONTRAST_SEED draws others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.CONTRAST_SEED ?? 1) });

export default fc;
