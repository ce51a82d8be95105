import type { Caller } from '../api/routes';

/** Variables that Python hands down for this program alone. */
const OUR_OWN = 'JUPYTERLAB_SUBMIT_';

/** Who calls, as Python hands it down: Jupyter's interpreter, the person's settings, and the variables of the shell. */
export function callerOf(env: NodeJS.ProcessEnv): Caller {
  return {
    python: env[`${OUR_OWN}PYTHON`] ?? '',
    environment: Object.fromEntries(
      Object.entries(env).filter(
        (entry): entry is [string, string] =>
          entry[1] !== undefined && !entry[0].startsWith(OUR_OWN)
      )
    ),
    settings: settingsIn(env[`${OUR_OWN}SETTINGS`] ?? '')
  };
}

/** Python hands settings down only where they matter. */
function settingsIn(text: string): unknown {
  try {
    const settings: unknown = JSON.parse(text);
    return settings;
  } catch {
    return undefined;
  }
}
