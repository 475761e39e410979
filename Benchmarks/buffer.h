// A growing byte queue over a non-blocking socket, shared by the benchmark's programs.
//
// Bytes are appended at `end` and consumed at `start`; the storage is kept and used again.
// Nobody here survives running out of memory: these are measuring tools.

#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct buffer {
  char *data;
  size_t start, end, capacity;
};

enum io { IO_DONE, IO_WOULD_BLOCK, IO_CLOSED };

static inline void die(const char *what) {
  perror(what);
  exit(1);
}

static inline size_t buffer_length(const struct buffer *buffer) { return buffer->end - buffer->start; }

static inline char *buffer_bytes(const struct buffer *buffer) { return buffer->data + buffer->start; }

// Makes room for `room` bytes at `end`: by moving the content to the front if that is enough, else by growing.
static inline void buffer_reserve(struct buffer *buffer, size_t room) {
  if (buffer->capacity - buffer->end >= room) return;
  size_t length = buffer_length(buffer);
  if (buffer->capacity - length < room || length > buffer->capacity / 2) {
    size_t capacity = buffer->capacity ? buffer->capacity : 4096;
    while (capacity - length < room) capacity *= 2;
    char *data = malloc(capacity);
    if (!data) die("malloc");
    if (length) memcpy(data, buffer_bytes(buffer), length);
    free(buffer->data);
    buffer->data = data;
    buffer->capacity = capacity;
  } else if (length) {
    memmove(buffer->data, buffer_bytes(buffer), length);
  }
  buffer->start = 0;
  buffer->end = length;
}

static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t count) {
  buffer_reserve(buffer, count);
  memcpy(buffer->data + buffer->end, bytes, count);
  buffer->end += count;
}

static inline void buffer_consume(struct buffer *buffer, size_t count) {
  buffer->start += count;
  if (buffer->start == buffer->end) buffer->start = buffer->end = 0;
}

static inline void buffer_free(struct buffer *buffer) {
  free(buffer->data);
  memset(buffer, 0, sizeof *buffer);
}

// One recv into the free space, of which there are at least 64 KiB.
static inline enum io buffer_receive(struct buffer *buffer, int fd) {
  buffer_reserve(buffer, 65536);
  ssize_t count;
  do count = recv(fd, buffer->data + buffer->end, buffer->capacity - buffer->end, 0);
  while (count < 0 && errno == EINTR);
  if (count > 0) {
    buffer->end += (size_t)count;
    return IO_DONE;
  }
  return count < 0 && errno == EAGAIN ? IO_WOULD_BLOCK : IO_CLOSED;
}

// Sends until everything is out or the socket is full.
static inline enum io buffer_send(struct buffer *buffer, int fd) {
  while (buffer_length(buffer)) {
    ssize_t count = send(fd, buffer_bytes(buffer), buffer_length(buffer), MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? IO_WOULD_BLOCK : IO_CLOSED;
    }
    buffer_consume(buffer, (size_t)count);
  }
  return IO_DONE;
}
