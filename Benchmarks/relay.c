// relay: the daemon's path without the daemon. JSON-RPC lines on a Unix socket in, masked WebSocket frames to the
// engine out, and the answers back. One epoll loop; no state but the calls in flight; no registry, no policy, no limit,
// no validation beyond the look at the envelope.
//
// It is the limit that the daemon is compared with.
//
//   relay --engine ws://127.0.0.1:PORT --socket PATH

#define _GNU_SOURCE 1

#include <fcntl.h>
#include <sys/un.h>

#include "calls.h"
#include "json.h"
#include "websocket.h"

enum kind { LISTENER, CLIENT, ENGINE };

static struct loop loop;
static struct calls calls;
static struct peer *engine;
static uint32_t mask_state = 0x9e3779b9;

static uint32_t next_mask_key(void) {  // xorshift32
  mask_state ^= mask_state << 13;
  mask_state ^= mask_state >> 17;
  mask_state ^= mask_state << 5;
  return mask_state;
}

static void refuse(struct peer *client, const struct json_field *id, int code, const char *why) {
  char text[256];
  buffer_append(&client->output, "{\"jsonrpc\":\"2.0\",\"id\":", 22);
  if (id->value) buffer_append(&client->output, id->value, id->length);
  else buffer_append(&client->output, "null", 4);
  int length = snprintf(text, sizeof text, ",\"error\":{\"code\":%d,\"message\":\"%s\"}}\n", code, why);
  buffer_append(&client->output, text, (size_t)length);
  loop_mark(&loop, client);
}

static void answer_ping(struct peer *client, const struct json_field *id) {
  buffer_append(&client->output, "{\"jsonrpc\":\"2.0\",\"id\":", 22);
  buffer_append(&client->output, id->value, id->length);
  buffer_append(&client->output, ",\"result\":{}}\n", 14);
  loop_mark(&loop, client);
}

// One line of a client: its call goes to the engine, the payload masked while it is copied.
static void relay_call(struct peer *client, const char *line, size_t length) {
  enum { ID, METHOD, PARAMS, FUNCTION, PAYLOAD, FIELDS };
  struct json_field field[FIELDS] = {
      [ID] = JSON_FIELD("id", -1),
      [METHOD] = JSON_FIELD("method", -1),
      [PARAMS] = JSON_FIELD("params", -1),
      [FUNCTION] = JSON_FIELD("function_id", PARAMS),
      [PAYLOAD] = JSON_FIELD("payload", PARAMS),
  };
  if (!json_scan(line, length, field, FIELDS)) return refuse(client, &field[ID], -32700, "PARSE_ERROR");
  if (!field[ID].value || field[ID].length > CALL_OUTER_ID_MAXIMUM)
    return refuse(client, &field[ID], -32600, "INVALID_REQUEST");
  if (json_is(&field[METHOD], "\"ping\"")) return answer_ping(client, &field[ID]);
  if (!json_is(&field[METHOD], "\"trigger\"")) return refuse(client, &field[ID], -32601, "METHOD_NOT_FOUND");
  if (!field[FUNCTION].value) return refuse(client, &field[ID], -32602, "INVALID_PARAMS");
  const char *payload = field[PAYLOAD].value ? field[PAYLOAD].value : "null";
  size_t payload_length = field[PAYLOAD].value ? field[PAYLOAD].length : 4;

  static const char head[] = "{\"type\":\"invokefunction\",\"invocation_id\":\"", middle[] = "\",\"function_id\":";
  static const char before_data[] = ",\"data\":";
  size_t head_length =
      sizeof head - 1 + CALL_ID_SIZE + sizeof middle - 1 + field[FUNCTION].length + sizeof before_data - 1;
  size_t total = head_length + payload_length + 1;
  uint32_t key = next_mask_key();
  buffer_reserve(&engine->output, total + 14);
  char *p = engine->output.data + engine->output.end;
  p += ws_header(p, WS_TEXT, total, true, key);
  char *start = p;
  p = put(p, head, sizeof head - 1);
  call_open(&calls, client, field[ID].value, field[ID].length, p);
  p = put(p + CALL_ID_SIZE, middle, sizeof middle - 1);
  p = put(p, field[FUNCTION].value, field[FUNCTION].length);
  p = put(p, before_data, sizeof before_data - 1);
  ws_mask(start, start, head_length, key, 0);
  ws_mask(p, payload, payload_length, key, head_length);
  p += payload_length;
  ws_mask(p, "}", 1, key, head_length + payload_length);
  engine->output.end = (size_t)(p + 1 - engine->output.data);
  loop_mark(&loop, engine);
}

// One message of the engine: its result goes to the client that called.
static void relay_answer(const char *text, size_t length) {
  enum { TYPE, ID, RESULT, ERROR, FIELDS };
  struct json_field field[FIELDS] = {
      [TYPE] = JSON_FIELD("type", -1),
      [ID] = JSON_FIELD("invocation_id", -1),
      [RESULT] = JSON_FIELD("result", -1),
      [ERROR] = JSON_FIELD("error", -1),
  };
  if (!json_scan(text, length, field, FIELDS) || !json_is(&field[TYPE], "\"invocationresult\"")) return;
  if (!field[ID].value || field[ID].length != CALL_ID_SIZE + 2) return;
  struct call *call = call_close(&calls, field[ID].value + 1, CALL_ID_SIZE);
  if (!call) return;
  struct peer *client = call->caller;
  loop_mark(&loop, client);
  if (client->closed) return;

  static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":", result[] = ",\"result\":";
  static const char error[] = ",\"error\":{\"code\":-32000,\"message\":\"failed\",\"data\":";
  bool failed = field[ERROR].value;
  const struct json_field *value = failed ? &field[ERROR] : &field[RESULT];
  size_t value_length = value->value ? value->length : 4;
  buffer_reserve(&client->output, sizeof head + call->outer_id_length + sizeof error + value_length + 4);
  char *p = client->output.data + client->output.end;
  p = put(p, head, sizeof head - 1);
  p = put(p, call->outer_id, call->outer_id_length);
  p = failed ? put(p, error, sizeof error - 1) : put(p, result, sizeof result - 1);
  p = put(p, value->value ? value->value : "null", value_length);
  p = failed ? put(p, "}}\n", 3) : put(p, "}\n", 2);
  client->output.end = (size_t)(p - client->output.data);
}

static void client_received(struct peer *client) {
  for (;;) {
    char *line = buffer_bytes(&client->input);
    size_t length = buffer_length(&client->input);
    char *lf = length > client->scanned ? memchr(line + client->scanned, '\n', length - client->scanned) : NULL;
    if (!lf) {
      client->scanned = length;
      return;
    }
    client->scanned = 0;
    if (lf > line) relay_call(client, line, (size_t)(lf - line));
    buffer_consume(&client->input, (size_t)(lf + 1 - line));
  }
}

static void engine_received(void) {
  struct ws_frame frame;
  int status;
  while ((status = ws_next_frame(&engine->input, &frame)) > 0) {
    if (frame.opcode == WS_TEXT && frame.final) {
      relay_answer(frame.payload, frame.length);
    } else if (frame.opcode == WS_PING) {
      ws_append(&engine->output, WS_PONG, frame.payload, frame.length, true);
      loop_mark(&loop, engine);
    } else if (frame.opcode != WS_PONG) {
      fprintf(stderr, "relay: the engine closed or sent fragments\n");
      exit(1);
    }
  }
  if (status < 0) exit(1);
}

static int listen_on(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) exit(2);
  strcpy(address.sun_path, path);
  unlink(path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) die(path);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 5 || strcmp(argv[1], "--engine") != 0 || strcmp(argv[3], "--socket") != 0) {
    fprintf(stderr, "usage: relay --engine ws://HOST:PORT --socket PATH\n");
    return 2;
  }
  if ((loop.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
  struct buffer early = {0};
  int fd = ws_connect(argv[2], &early);
  if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) die("fcntl");
  engine = loop_add(&loop, fd, ENGINE);
  engine->input = early;
  engine_received();
  struct peer *listener = loop_add(&loop, listen_on(argv[4]), LISTENER);

  struct epoll_event events[256];
  for (;;) {
    int count = epoll_wait(loop.epoll, events, 256, -1);
    for (int i = 0; i < count; i++) {
      struct peer *peer = events[i].data.ptr;
      if (peer == listener) {
        while ((fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) loop_add(&loop, fd, CLIENT);
      } else if (peer == engine) {
        if (peer_receive(&loop, engine, events[i].events)) engine_received();
        if (engine->ended || engine->closed) return 1;
      } else if (peer_receive(&loop, peer, events[i].events)) {
        client_received(peer);
      }
    }
    loop_flush(&loop);
  }
}
