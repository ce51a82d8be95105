import { LabIcon } from '@jupyterlab/ui-components';

/** What is at hand goes up to three machines; `jp-icon3` takes the color of the theme. */
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16" height="16">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M3 3h5v4H3V3zm6.5 0h5v4h-5V3zM16 3h5v4h-5V3z"/>
    <path d="M11.25 12.3 8.7 14.850 7.640 13.790 12 9.430l4.360 4.360-1.060 1.060-2.550-2.550V18h-1.500v-5.700z"/>
    <path d="M3 16h1.500v3.500h15V16H21v5H3v-5z"/>
  </g>
</svg>`;

/** The icon of everything that submits. */
export const submitIcon = new LabIcon({ name: 'jupyterlab-submit:submit', svgstr: SVG });
