import { LabIcon } from '@jupyterlab/ui-components';
import type { JobState } from '../../api/job';

/** The icon of each state: each has a shape of its own, and the color of the text beside it. */
export const STATE_ICONS: Record<JobState, LabIcon> = {
  preparing: icon('preparing', circle('stroke-dasharray="2.5 2.2"')),
  queued: icon('queued', circle() + line('M8 4.6V8l2.4 1.6')),
  starting: icon('starting', circle() + filled('M8 8V2a6 6 0 0 1 6 6z')),
  running: icon('running', circle() + filled('M8 2a6 6 0 0 1 0 12z')),
  finishing: icon('finishing', line('M8 2.5v7M4.8 6.6 8 9.8l3.2-3.2M3 13h10')),
  succeeded: icon('succeeded', line('M2.8 8.6 6.4 12l6.8-7.8')),
  failed: icon('failed', line('M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4')),
  'timed-out': icon(
    'timed-out',
    line('M4 2.2h8M4 13.8h8M5.2 2.2v2.4L8 8l2.8-3.4V2.2M5.2 13.8v-2.4L8 8l2.8 3.4v2.4')
  ),
  cancelled: icon('cancelled', circle() + line('M3.9 12.1l8.2-8.2')),
  lost: icon(
    'lost',
    line('M5.2 5.6a2.8 2.8 0 1 1 4.2 2.4C8.4 8.6 8 9.2 8 10.2') +
      '<circle cx="8" cy="12.8" r="1" fill="currentColor"/>'
  )
};

function icon(state: JobState, shapes: string): LabIcon {
  return new LabIcon({
    name: `jupyterlab-submit:state-${state}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">${shapes}</svg>`
  });
}

function circle(more = ''): string {
  return `<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.4" ${more}/>`;
}

function line(path: string): string {
  return `<path d="${path}" fill="none" stroke="currentColor" stroke-width="1.6"/>`;
}

function filled(path: string): string {
  return `<path d="${path}" fill="currentColor"/>`;
}
