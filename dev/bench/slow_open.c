/* Preloaded, it makes each file that is opened take as much longer as on a shared file system that is far away and busy. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#define MICROSECONDS 5000

static mode_t mode_of(int flags, va_list more) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

#define SLOW(NAME, PARAMETERS, ...)                                   \
    int NAME PARAMETERS {                                             \
        static int (*stock)();                                        \
        va_list more;                                                 \
        va_start(more, flags);                                        \
        mode_t mode = mode_of(flags, more);                           \
        va_end(more);                                                 \
        usleep(MICROSECONDS);                                         \
        if (!stock) stock = (int (*)())dlsym(RTLD_NEXT, #NAME);       \
        return stock(__VA_ARGS__, flags, mode);                       \
    }

SLOW(open, (const char *path, int flags, ...), path)
SLOW(open64, (const char *path, int flags, ...), path)
SLOW(openat, (int folder, const char *path, int flags, ...), folder, path)
SLOW(openat64, (int folder, const char *path, int flags, ...), folder, path)
