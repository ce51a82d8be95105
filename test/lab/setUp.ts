// What JupyterLab's modules ask of a browser, and jsdom does not have. But for time, nothing here
// does anything: a test that depends on one of them belongs into a real browser, test/e2e.

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}

class NoDragEvent extends MouseEvent {}

function matchMedia(media: string) {
  return Object.assign(new EventTarget(), { media, matches: false });
}

Object.assign(window, {
  DragEvent: NoDragEvent,
  IntersectionObserver: Observer,
  ResizeObserver: Observer,
  matchMedia,
  requestIdleCallback: (run: () => void) => setTimeout(run)
});

// JupyterLab warns at each start of a browser without one.
Object.defineProperty(navigator, 'clipboard', { value: {}, configurable: true });
