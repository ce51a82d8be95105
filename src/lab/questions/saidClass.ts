/** The class of what a host has said: a text of several lines may be a table, or a menu. */
export function saidClass(text: string): string {
  const name = 'jp-SubmitQuestion-said';
  return text.trim().includes('\n') ? `${name} jp-mod-lines` : name;
}
