// echo: sends back every byte that it receives on a Unix socket. One thread, one epoll loop.
//
// The floor of the benchmark: what one hop over a Unix socket costs when nothing is done with the bytes.
//
//   echo --socket PATH

#define _GNU_SOURCE 1

#include <sys/epoll.h>
#include <sys/un.h>
#include <unistd.h>

#include "buffer.h"

struct client {
  int fd;
  bool writing;  // waiting for room in the socket; nothing is read meanwhile
  struct buffer pending;
};

static int listen_on(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) exit(2);
  strcpy(address.sun_path, path);
  unlink(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) die(path);
  return fd;
}

static void release(struct client *client) {
  close(client->fd);
  buffer_free(&client->pending);
  free(client);
}

static void serve(int loop, struct client *client, uint32_t events) {
  enum io received = IO_DONE;
  if (events & EPOLLIN) received = buffer_receive(&client->pending, client->fd);
  if (received == IO_CLOSED || (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLIN))) return release(client);
  enum io sent = buffer_send(&client->pending, client->fd);
  if (sent == IO_CLOSED) return release(client);
  bool writing = sent == IO_WOULD_BLOCK;
  if (writing != client->writing) {
    struct epoll_event event = {.events = writing ? EPOLLOUT : EPOLLIN, .data.ptr = client};
    if (epoll_ctl(loop, EPOLL_CTL_MOD, client->fd, &event) < 0) die("epoll_ctl");
    client->writing = writing;
  }
}

int main(int argc, char **argv) {
  if (argc != 3 || strcmp(argv[1], "--socket") != 0) {
    fprintf(stderr, "usage: echo --socket PATH\n");
    return 2;
  }
  int listener = listen_on(argv[2]), loop = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
  if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll");

  for (;;) {
    int count = epoll_wait(loop, events, 256, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.ptr) {
        serve(loop, events[i].data.ptr, events[i].events);
        continue;
      }
      int fd;
      while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct client *client = calloc(1, sizeof *client);
        if (!client) die("calloc");
        client->fd = fd;
        event = (struct epoll_event){.events = EPOLLIN, .data.ptr = client};
        if (epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
      }
    }
  }
}
