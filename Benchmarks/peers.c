// peers: workers of other message systems that give each payload back, for the comparison with them. One epoll loop.
//
//   peers nats --to nats://127.0.0.1:PORT                         answers requests on the subject `bench`
//   peers gearman --to gearman://127.0.0.1:PORT FUNCTION N        N workers for that function
//
// Prints a line when the server knows it.

#define _GNU_SOURCE 1

#include <fcntl.h>

#include "peer.h"
#include "websocket.h"

static struct loop loop;

static void add_text(struct buffer *to, const char *text) { buffer_append(to, text, strlen(text)); }

static void say_ready(void) {
  puts("ready");
  fflush(stdout);
}

// MSG SUBJECT SID REPLY-TO SIZE, then the payload: it goes back to REPLY-TO.
static void nats_received(struct peer *server) {
  struct buffer *input = &server->input;
  for (char *lf; (lf = memchr(buffer_bytes(input), '\n', buffer_length(input)));) {
    char *line = buffer_bytes(input), answer_to[64], head[100];
    size_t head_length = (size_t)(lf + 1 - line), size;
    if (memcmp(line, "MSG ", 4) == 0) {
      if (sscanf(line, "MSG %*s %*s %63s %zu", answer_to, &size) != 2) exit(1);
      if (buffer_length(input) < head_length + size + 2) return;
      snprintf(head, sizeof head, "PUB %s %zu\r\n", answer_to, size);
      add_text(&server->output, head);
      buffer_append(&server->output, line + head_length, size + 2);
      buffer_consume(input, head_length + size + 2);
    } else {
      if (memcmp(line, "PING", 4) == 0) add_text(&server->output, "PONG\r\n");
      if (memcmp(line, "PONG", 4) == 0) say_ready();
      buffer_consume(input, head_length);
    }
    loop_mark(&loop, server);
  }
}

enum {
  CAN_DO = 1,
  PRE_SLEEP = 4,
  NOOP = 6,
  GRAB_JOB = 9,
  NO_JOB = 10,
  JOB_ASSIGN = 11,
  WORK_COMPLETE = 13,
  ECHO_REQUEST = 16,
};

static void gearman_send(struct peer *server, uint32_t type, const char *one, size_t one_length, const char *two,
                         size_t two_length) {
  uint32_t header[3] = {0, htonl(type), htonl((uint32_t)(one_length + two_length))};
  memcpy(header, "\0REQ", 4);
  buffer_append(&server->output, header, sizeof header);
  buffer_append(&server->output, one, one_length);
  buffer_append(&server->output, two, two_length);
  loop_mark(&loop, server);
}

static void gearman_received(struct peer *server) {
  struct buffer *input = &server->input;
  while (buffer_length(input) >= 12) {
    char *packet = buffer_bytes(input), *data = packet + 12;
    uint32_t type, size;
    memcpy(&type, packet + 4, 4);
    memcpy(&size, packet + 8, 4);
    type = ntohl(type), size = ntohl(size);
    if (buffer_length(input) < 12 + size) return;
    buffer_consume(input, 12 + size);
    if (type == JOB_ASSIGN) {  // handle NUL function NUL data
      size_t handle = strnlen(data, size) + 1, function = strnlen(data + handle, size - handle) + 1;
      gearman_send(server, WORK_COMPLETE, data, handle, data + handle + function, size - handle - function);
      gearman_send(server, GRAB_JOB, "", 0, "", 0);
    } else if (type == NO_JOB) {
      gearman_send(server, PRE_SLEEP, "", 0, "", 0);
    } else if (type == NOOP) {
      gearman_send(server, GRAB_JOB, "", 0, "", 0);
    } else {
      say_ready();  // ECHO_RES
    }
  }
}

int main(int argc, char **argv) {
  bool nats = argc == 4 && strcmp(argv[1], "nats") == 0, gearman = argc == 6 && strcmp(argv[1], "gearman") == 0;
  if ((!nats && !gearman) || strcmp(argv[2], "--to") != 0) {
    fprintf(stderr, "usage: peers nats|gearman --to URL [FUNCTION N]\n");
    return 2;
  }
  if ((loop.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
  for (int left = gearman ? atoi(argv[5]) : 1; left > 0; left--) {
    int fd = tcp_connect(argv[3]);
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) die("fcntl");
    struct peer *server = loop_add(&loop, fd, 0);
    if (nats) {
      add_text(&server->output, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB bench 1\r\nPING\r\n");
      loop_mark(&loop, server);
    } else {
      gearman_send(server, CAN_DO, argv[4], strlen(argv[4]), "", 0);
      if (left == 1) gearman_send(server, ECHO_REQUEST, "", 0, "", 0);
      gearman_send(server, GRAB_JOB, "", 0, "", 0);
    }
  }
  loop_flush(&loop);

  struct epoll_event events[256];
  for (;;) {
    int count = epoll_wait(loop.epoll, events, 256, -1);
    for (int i = 0; i < count; i++) {
      struct peer *server = events[i].data.ptr;
      if (peer_receive(&loop, server, events[i].events)) {
        if (nats) nats_received(server);
        else gearman_received(server);
      }
      if (server->ended || server->closed) return 0;
    }
    loop_flush(&loop);
  }
}
