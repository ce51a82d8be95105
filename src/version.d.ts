/** This package's version, out of package.json; put in by build.mjs and vitest.config.mts. */
declare const __VERSION__: string;
