import type { Caller } from '../api/routes';

/** Variables that Python hands down for this program alone. */
const OUR_OWN = 'JUPYTERLAB_SUBMIT_';

/** The person's variables for Node.js programs, which are for jobs and not for this one (environment.py). */
const FOR_JOBS = `${OUR_OWN}CALLERS_`;

/** Who calls, as Python hands it down: Jupyter's interpreter, the person's settings, and the variables of the shell. */
export function callerOf(env: NodeJS.ProcessEnv): Caller {
  return {
    python: env[`${OUR_OWN}PYTHON`] ?? '',
    environment: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => {
        const theirs = name.startsWith(FOR_JOBS) ? name.slice(FOR_JOBS.length) : name;
        return value === undefined || theirs.startsWith(OUR_OWN) ? [] : [[theirs, value]];
      })
    ),
    kernels: kernelsIn(jsonIn(env[`${OUR_OWN}KERNELS`])),
    settings: jsonIn(env[`${OUR_OWN}SETTINGS`])
  };
}

/** Python hands these down only where they matter. */
function jsonIn(text = ''): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function kernelsIn(value: unknown): string[] | null {
  return Array.isArray(value) && value.every(name => typeof name === 'string') ? value : null;
}
