#pragma once

// System calls and constants that Swift's Glibc module does not show, because it is built without _GNU_SOURCE or
// because their headers are not in its module map. The prototypes are the C library's own.

#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

extern int accept4(int, struct sockaddr *, socklen_t *, int);

// Swift sees SOCK_STREAM and its flags as values of an enumeration that cannot be combined.
enum { iiid_stream_socket = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC };

static inline int iiid_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// struct ucred, which <sys/socket.h> shows with _GNU_SOURCE only.
struct iiid_credentials {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};
