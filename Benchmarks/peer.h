// The connections of one epoll loop, shared by the relay and the engine.
//
// Output is only appended while events are handled; every peer that has some is sent to once per turn of the loop,
// in `loop_flush`. A peer is freed there too, and only when no call in flight points to it.

#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include "buffer.h"

struct peer {
  int fd;
  int kind;  // what it speaks: the program's own enum
  struct buffer input, output;
  struct buffer message;  // the fragments of a WebSocket message so far
  size_t scanned;         // bytes of `input` that are known to hold no LF
  struct buffer name;     // the name that a worker announced, as JSON
  unsigned in_flight;     // calls that will be answered to it
  bool ended;             // said that it sends nothing more
  bool closed;
  bool dirty, waiting;  // in the list of this turn; waiting for room in the socket
  struct peer *next_dirty;
};

struct loop {
  int epoll;
  struct peer *dirty;
};

static inline struct peer *loop_add(struct loop *loop, int fd, int kind) {
  struct peer *peer = calloc(1, sizeof *peer);
  if (!peer) die("calloc");
  peer->fd = fd;
  peer->kind = kind;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
  if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
  return peer;
}

static inline void loop_mark(struct loop *loop, struct peer *peer) {
  if (peer->dirty) return;
  peer->dirty = true;
  peer->next_dirty = loop->dirty;
  loop->dirty = peer;
}

static inline void peer_close(struct loop *loop, struct peer *peer) {
  peer->closed = true;
  loop_mark(loop, peer);
}

static inline void peer_watch(struct loop *loop, struct peer *peer) {
  uint32_t mask = (peer->ended ? 0 : EPOLLIN) | (peer->waiting ? EPOLLOUT : 0);
  struct epoll_event event = {.events = mask, .data.ptr = peer};
  if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, peer->fd, &event) < 0) die("epoll_ctl");
}

// Reads once. True when there are new bytes in `input`. A peer that has ended lives on until it has its answers.
static inline bool peer_receive(struct loop *loop, struct peer *peer, uint32_t events) {
  if (peer->closed) return false;
  if (events & EPOLLOUT) loop_mark(loop, peer);
  if (!(events & EPOLLIN) || peer->ended) {
    if (events & (EPOLLHUP | EPOLLERR)) peer_close(loop, peer);
    return false;
  }
  enum io received = buffer_receive(&peer->input, peer->fd);
  if (received == IO_CLOSED) {
    peer->ended = true;
    peer_watch(loop, peer);
    loop_mark(loop, peer);
  }
  return received == IO_DONE;
}

// Once per turn: sends to every dirty peer, releases those that are through.
static inline void loop_flush(struct loop *loop) {
  struct peer *next = loop->dirty;
  loop->dirty = NULL;
  while (next) {
    struct peer *peer = next;
    next = peer->next_dirty;
    peer->dirty = false;
    if (!peer->closed) {
      enum io sent = buffer_send(&peer->output, peer->fd);
      bool waiting = sent == IO_WOULD_BLOCK;
      if (sent == IO_CLOSED || (peer->ended && !waiting && peer->in_flight == 0)) {
        peer->closed = true;
      } else if (waiting != peer->waiting) {
        peer->waiting = waiting;
        peer_watch(loop, peer);
      }
    }
    if (!peer->closed) continue;
    if (peer->fd >= 0) close(peer->fd);
    peer->fd = -1;
    if (peer->in_flight) continue;
    buffer_free(&peer->input);
    buffer_free(&peer->output);
    buffer_free(&peer->message);
    buffer_free(&peer->name);
    free(peer);
  }
}
