import { type ReactNode, act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, vi } from 'vitest';

const leave: (() => void)[] = [];

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});

afterEach(() => {
  for (const clear of leave.splice(0)) {
    clear();
  }
  vi.unstubAllGlobals();
});

/** Draws something into the page, until the test is over; the page as it is then. */
export function drawn(node: ReactNode): HTMLElement {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  act(() => root.render(node));
  leave.push(() => {
    act(() => root.unmount());
    place.remove();
  });
  return place;
}

/** The button with exactly this label, of the page or a part of it. */
export function button(label: string, place: ParentNode = document): HTMLButtonElement {
  const found = buttons(place).find(({ name }) => name === label)?.node;
  if (found === undefined) {
    throw new Error(`no button "${label}" among: ${labels(place).join(', ')}`);
  }
  return found;
}

/** The labels of the buttons, from top to bottom. */
export function labels(place: ParentNode = document): string[] {
  return buttons(place).map(({ name }) => name);
}

/** Clicks, and lets the page settle. */
export function click(label: string, place: ParentNode = document): void {
  act(() => button(label, place).click());
}

/** Types a text into a field, in place of what is in it. */
export function type(field: HTMLInputElement, text: string): void {
  // React notes what it has set itself, so the value goes past it.
  const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  act(() => {
    value?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function buttons(place: ParentNode): { name: string; node: HTMLButtonElement }[] {
  return [...place.querySelectorAll('button')].map(node => ({
    name: node.getAttribute('aria-label') ?? node.textContent,
    node
  }));
}
