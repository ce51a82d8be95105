/** The command line asks for something that cannot be: told in a sentence, with what to do. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly advice = ''
  ) {
    super(message);
    this.name = 'UsageError';
  }
}
