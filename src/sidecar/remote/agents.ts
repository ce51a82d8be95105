/** How many agents are remembered: those of callers that are gone do not answer, and are passed over. */
const MOST = 8;

/** The SSH agents of those who have called: a login uses the newest one that answers. */
export class Agents {
  private sockets: string[];

  constructor(environment: NodeJS.ProcessEnv) {
    this.sockets = [];
    this.note(environment);
  }

  /** Remembers a caller's agent. */
  note({ SSH_AUTH_SOCK: socket }: NodeJS.ProcessEnv): void {
    if (socket) {
      this.sockets = [socket, ...this.sockets.filter(other => other !== socket)].slice(0, MOST);
    }
  }

  /** Their sockets, the newest first. */
  get newestFirst(): readonly string[] {
    return this.sockets;
  }
}
