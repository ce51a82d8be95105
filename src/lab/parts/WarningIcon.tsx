import { LabIcon } from '@jupyterlab/ui-components';

const warning = new LabIcon({
  name: 'jupyterlab-submit:warning',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><path d="M8 2 14.5 13.5H1.5z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M7.3 6.2h1.400v3.600H7.3zM7.3 10.600h1.400V12H7.3z" fill="currentColor"/></svg>`
});

/** The sign beside what needs attention, in the color of its text; `label` says it to those who cannot see it. */
export function WarningIcon({ label }: { label: string }) {
  return (
    <span className="jp-SubmitForm-icon">
      <warning.react tag={null} aria-hidden="true" />
      <span className="jp-sr-only">{label}</span>
    </span>
  );
}
