/*
 * A PAM module that asks whatever a door of the test cluster asks, one step after the other:
 *
 *   info=TEXT, err=TEXT    says something: OpenSSH puts it in front of the next prompt
 *   hide=TEXT, show=TEXT   asks, without echo and with it
 *   is=VALUE               the answer has to be this
 *   code=FILE              the answer has to be a line of this file, which is struck out then
 *   endcode=FILE           its last six characters have to be; what is before them is the password of the modules behind
 *   skipif=METHOD          nothing is asked where this method of SSH has come before
 *
 * In a text, \n is a new line. The few functions of libpam that it calls are declared here, so that its headers, whose
 * package brings other versions of the libraries, need not be installed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

typedef struct pam_handle pam_handle_t;
int pam_get_user(pam_handle_t *pam, const char **user, const char *prompt);
int pam_set_item(pam_handle_t *pam, int item, const void *value);
int pam_prompt(pam_handle_t *pam, int style, char **answer, const char *format, ...);
const char *pam_getenv(pam_handle_t *pam, const char *name);

/* Of security/_pam_types.h. */
enum { PAM_SUCCESS = 0, PAM_AUTH_ERR = 7, PAM_IGNORE = 25 };
enum { PAM_PROMPT_ECHO_OFF = 1, PAM_PROMPT_ECHO_ON = 2, PAM_ERROR_MSG = 3, PAM_TEXT_INFO = 4 };
enum { PAM_AUTHTOK = 6 };

enum { CODE_LENGTH = 6 };

/* Whether the file has this code, which it then has no more. */
static int use_up(const char *file, const char *code) {
  FILE *codes = fopen(file, "r+");
  char line[64];
  int found = 0;
  if (codes == NULL) {
    return 0;
  }
  flock(fileno(codes), LOCK_EX);
  for (long at = 0; !found && fgets(line, sizeof line, codes) != NULL; at = ftell(codes)) {
    line[strcspn(line, "\n")] = 0;
    if (*code != 0 && strcmp(line, code) == 0) {
      fseek(codes, at, SEEK_SET);
      fputc('#', codes);
      found = 1;
    }
  }
  fclose(codes);
  return found;
}

/* Copies a text, with its new lines; what is too long is cut off. */
static void read_text(char *to, size_t size, const char *from) {
  size_t length = 0;
  for (; *from != 0 && length < size - 1; from++) {
    int is_new_line = from[0] == '\\' && from[1] == 'n';
    to[length++] = is_new_line ? '\n' : *from;
    from += is_new_line;
  }
  to[length] = 0;
}

static int is_step(const char *step, const char *name) {
  size_t length = strlen(name);
  return strncmp(step, name, length) == 0 && step[length] == '=';
}

int pam_sm_authenticate(pam_handle_t *pam, int flags, int count, const char **steps) {
  char *answer = NULL;
  char value[1024];
  (void)flags;
  for (int at = 0; at < count; at++) {
    const char *step = steps[at];
    const char *equals = strchr(step, '=');
    if (equals == NULL) {
      return PAM_AUTH_ERR;
    }
    read_text(value, sizeof value, equals + 1);
    if (is_step(step, "info") || is_step(step, "err")) {
      pam_prompt(pam, *step == 'i' ? PAM_TEXT_INFO : PAM_ERROR_MSG, NULL, "%s", value);
    } else if (is_step(step, "hide") || is_step(step, "show")) {
      int style = *step == 'h' ? PAM_PROMPT_ECHO_OFF : PAM_PROMPT_ECHO_ON;
      if (pam_prompt(pam, style, &answer, "%s", value) != PAM_SUCCESS || answer == NULL) {
        return PAM_AUTH_ERR;
      }
    } else if (is_step(step, "skipif")) {
      /* What sshd says of the methods that have come before. */
      const char *before = pam_getenv(pam, "SSH_AUTH_INFO_0");
      if (before != NULL && strstr(before, value) != NULL) {
        return PAM_IGNORE;
      }
    } else if (answer == NULL) {
      return PAM_AUTH_ERR;
    } else if (is_step(step, "is")) {
      if (strcmp(answer, value) != 0) {
        return PAM_AUTH_ERR;
      }
    } else if (is_step(step, "code")) {
      if (!use_up(value, answer)) {
        return PAM_AUTH_ERR;
      }
    } else if (is_step(step, "endcode")) {
      size_t length = strlen(answer);
      if (length < CODE_LENGTH || !use_up(value, answer + length - CODE_LENGTH)) {
        return PAM_AUTH_ERR;
      }
      answer[length - CODE_LENGTH] = 0;
      pam_set_item(pam, PAM_AUTHTOK, answer);
    } else {
      return PAM_AUTH_ERR;
    }
  }
  return PAM_SUCCESS;
}

int pam_sm_setcred(pam_handle_t *pam, int flags, int count, const char **steps) {
  (void)pam, (void)flags, (void)count, (void)steps;
  return PAM_SUCCESS;
}
