/** The row of a job in the list; null while it is not drawn. */
export function rowOf(id: string, list: HTMLElement | null): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-job="${id}"]`) ?? null;
}
