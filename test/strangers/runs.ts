import fc from 'fast-check';
import { vi } from 'vitest';

/**
 * How often each reader is tried, and from which seed: in CI for about a minute in all, elsewhere for some seconds, or as the
 * variables JUPYTERLAB_SUBMIT_FUZZ_RUNS and JUPYTERLAB_SUBMIT_FUZZ_SEED say. The seed stands in the names of the tests: with it,
 * what has failed fails again.
 */
const { CI, JUPYTERLAB_SUBMIT_FUZZ_RUNS: runs, JUPYTERLAB_SUBMIT_FUZZ_SEED: given } = process.env;

export const seed = given === undefined ? Date.now() % 1_000_000_000 : Number(given);

/** Runs of each property, where one run takes well below a millisecond. */
const RUNS = Number(runs ?? (CI === undefined ? 200 : 1500));

fc.configureGlobal({ seed, numRuns: RUNS, endOnFailure: true });

/** For properties whose runs take longer. */
export const few = { numRuns: Math.ceil(RUNS / 5) };

vi.setConfig({ testTimeout: 1_000 * Math.max(60, RUNS) });
