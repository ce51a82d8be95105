/** Types of outputs that are scripts, or that JupyterLab shows in a trusted notebook only. */
const SCRIPTS = [
  /^(application|text)\/javascript$/,
  /^application\/vnd\.jupyter\.widget-view\+json$/,
  /^application\/vnd\.(bokehjs|holoviews)_(exec|load)\./,
  /^image\/svg\+xml$/
];

/** HTML of which JupyterLab takes something away where it is not trusted: what runs, and what brings pages of its own. */
const RUNS = /<(script|iframe|object|embed|form|link|meta|base)\b|\son[a-z]+\s*=|javascript:/i;

/** Whether some output of a cell does not show all of itself until it is trusted. */
export function wantsToRun(outputs: readonly unknown[]): boolean {
  return outputs.some(output => {
    const data = isRecord(output) ? output['data'] : null;
    return (
      isRecord(data) &&
      Object.entries(data).some(
        ([type, value]) =>
          SCRIPTS.some(script => script.test(type)) ||
          (type === 'text/html' && RUNS.test(textOf(value)))
      )
    );
  });
}

/** A text of a notebook file: whole, or in lines. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('') : String(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
