/** The variables of a person of the tests who has this home, and nothing of whoever runs the tests. As dev/sealed.py. */
export function sealed(home: string): Record<string, string> {
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    // OpenSSH takes the home of the system's list of users, whatever HOME says.
    JUPYTERLAB_SUBMIT_SSH_CONFIG: '/dev/null'
  };
}
