/** The commands of the extension. Those of a job take `{ id }`. */
export const CommandIDs = {
  /** Opens the panel with the form for the current notebook, or for `path`. */
  submitNotebook: 'jupyterlab-submit:submit-notebook',
  /** The same, for the notebook that is selected in the file browser. */
  submitSelected: 'jupyterlab-submit:submit-selected',
  openPanel: 'jupyterlab-submit:open-panel',
  /** Shows the script that submitting the form would make. */
  previewScript: 'jupyterlab-submit:preview-script',
  /** Opens the settings editor at our settings. */
  openSettings: 'jupyterlab-submit:open-settings',
  openResult: 'jupyterlab-submit:open-result',
  openLog: 'jupyterlab-submit:open-log',
  openScript: 'jupyterlab-submit:open-script',
  cancelJob: 'jupyterlab-submit:cancel-job',
  /** Submits the job's notebook again as it was; `time` asks for another time. */
  submitAgain: 'jupyterlab-submit:submit-again',
  fetchResult: 'jupyterlab-submit:fetch-result',
  checkAgain: 'jupyterlab-submit:check-again',
  removeJob: 'jupyterlab-submit:remove-job',
  copyJobId: 'jupyterlab-submit:copy-job-id'
} as const;
