/* Preloaded into a process, lets system calls on one folder fail as a broken disk or a mean system would. Nothing fails until the file
 * FAULT_ARMED exists; from then on the FAULT_AT-th fsync or fdatasync of a file, not of a folder, whose path contains FAULT_PATH fails with EIO, once. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int seen;

static int fails(int fd) {
  const char *armed = getenv("FAULT_ARMED"), *wanted = getenv("FAULT_PATH"), *at = getenv("FAULT_AT");
  char link[64], path[4096];
  struct stat found;
  if (!armed || !wanted || !at || access(armed, F_OK) != 0) return 0;
  if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (!strstr(path, wanted) || atomic_fetch_add(&seen, 1) + 1 != atoi(at)) return 0;
  fprintf(stderr, "FAULT %s\n", path);
  errno = EIO;
  return 1;
}

int fsync(int fd) {
  static int (*real)(int);
  if (fails(fd)) return -1;
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (fails(fd)) return -1;
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return real(fd);
}
