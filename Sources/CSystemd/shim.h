#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

// struct ucred, which <sys/socket.h> shows with _GNU_SOURCE only.
struct iiid_listening_process {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};

// Swift sees SOCK_STREAM and its flags as values of an enumeration that cannot be combined.
enum {
  iiid_unix_stream_socket = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
  // One whose connect waits while the listener's queue is full.
  iiid_waiting_unix_stream_socket = SOCK_STREAM | SOCK_CLOEXEC,
};
