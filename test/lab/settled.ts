/** Resolves when everything that was begun and waits for nothing outside of the test has been done. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise(resolve => setTimeout(resolve, 0));
  }
}
