import type { Page, PageMessage } from './page';

/** The page that this code runs in. */
export function browserPage(): Page {
  return {
    clock: {
      now: () => Date.now(),
      after: (delayMs, callback) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      }
    },
    random: Math.random,
    sight: {
      isVisible: () => !document.hidden,
      watch: changed => {
        document.addEventListener('visibilitychange', changed);
        return () => document.removeEventListener('visibilitychange', changed);
      }
    },
    locks: 'locks' in navigator ? navigator.locks : null,
    storage: {
      getItem: key => localStorage.getItem(key),
      setItem: (key, value) => localStorage.setItem(key, value)
    },
    openChannel: (name, heard) => {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }: MessageEvent<PageMessage>) => heard(data);
      return {
        post: message => channel.postMessage(message),
        close: () => channel.close()
      };
    }
  };
}
