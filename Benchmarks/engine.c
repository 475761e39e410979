// engine: a trivial engine. A WebSocket server that answers every call at once with the call's own payload.
//
// One epoll loop. It knows as much of the engine's protocol as a client needs that confirms its registrations:
// `workerregistered`, `engine::workers::register`, `engine::baggage::get`, `engine::functions::info`, ping. A call of a
// function that some worker has registered is forwarded to it and the answer handed back; any other function is an echo.
// There are no namespaces and no ownership rules; a void call is dropped, and the calls of a worker that leaves are never
// answered.
//
//   engine [--port N]        prints {"port":N} when it listens on 127.0.0.1

#define _GNU_SOURCE 1

#include "calls.h"
#include "json.h"
#include "websocket.h"

enum kind { LISTENER, HANDSHAKE, WORKER };
enum { TABLE_SIZE = 4096 };

// A registered function; its id is kept as it came, with the quotes.
struct function {
  struct function *next;
  struct peer *owner;
  size_t length;
  char id[];
};

static struct loop loop;
static struct calls calls;
static struct function *functions[TABLE_SIZE];
static unsigned workers_seen;

static struct function **function_find(const struct json_field *id) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (size_t i = 0; i < id->length; i++) hash = (hash ^ (unsigned char)id->value[i]) * 1099511628211u;
  struct function **link = &functions[hash % TABLE_SIZE];
  while (*link && ((*link)->length != id->length || memcmp((*link)->id, id->value, id->length) != 0)) link = &(*link)->next;
  return link;
}

static void function_add(struct peer *owner, const struct json_field *id) {
  struct function **link = function_find(id);
  if (*link) return;
  struct function *function = malloc(sizeof *function + id->length);
  if (!function) die("malloc");
  *function = (struct function){.next = NULL, .owner = owner, .length = id->length};
  memcpy(function->id, id->value, id->length);
  *link = function;
}

static void function_remove(struct function **link) {
  struct function *gone = *link;
  *link = gone->next;
  free(gone);
}

static void forget(struct peer *worker) {
  for (int i = 0; i < TABLE_SIZE; i++)
    for (struct function **link = &functions[i]; *link;)
      if ((*link)->owner == worker) function_remove(link);
      else link = &(*link)->next;
}

static void say(struct peer *worker, const char *text, size_t length) {
  ws_append(&worker->output, WS_TEXT, text, length, false);
  loop_mark(&loop, worker);
}

// Writes one frame from pieces of text; a piece with a null address ends the list.
struct piece {
  const char *bytes;
  size_t length;
};

static char *frame_from(struct peer *to, const struct piece *pieces) {
  size_t total = 0;
  for (const struct piece *piece = pieces; piece->bytes; piece++) total += piece->length;
  buffer_reserve(&to->output, total + 14);
  char *p = to->output.data + to->output.end;
  p += ws_header(p, WS_TEXT, total, false, 0);
  char *text = p;
  for (const struct piece *piece = pieces; piece->bytes; piece++) p = put(p, piece->bytes, piece->length);
  to->output.end = (size_t)(p - to->output.data);
  loop_mark(&loop, to);
  return text;
}

#define LITERAL(text) {text, sizeof(text) - 1}
#define FIELD(field) {(field).value, (field).length}

static const char result_head[] = "{\"type\":\"invocationresult\",\"invocation_id\":";

static void answer(struct peer *to, struct json_field id, struct json_field function, const char *member,
                   const char *value, size_t length) {
  frame_from(to, (struct piece[]){LITERAL(result_head), FIELD(id), LITERAL(",\"function_id\":"), FIELD(function),
                                  {member, strlen(member)}, {value, length}, LITERAL("}"), {0}});
}

static void answer_text(struct peer *to, struct json_field id, struct json_field function, const char *text) {
  answer(to, id, function, ",\"result\":", text, strlen(text));
}

static void add_text(struct buffer *to, const char *text) { buffer_append(to, text, strlen(text)); }

static void add_details(struct buffer *out, const struct json_field *id, const struct function *function) {
  add_text(out, "{\"function_id\":");
  buffer_append(out, id->value, id->length);
  if (!function) return add_text(out, ",\"error\":\"not_found\"}");
  const struct buffer *name = &function->owner->name;
  add_text(out, ",\"namespace\":\"default\",\"worker_name\":");
  if (buffer_length(name)) buffer_append(out, buffer_bytes(name), buffer_length(name));
  else add_text(out, "\"unnamed\"");
  add_text(out, ",\"registered_triggers\":[]}");
}

// engine::workers::register: the name is what a client finds as the owner of its functions.
static void announce(struct peer *worker, struct json_field data) {
  struct json_field name[] = {JSON_FIELD("name", -1)};
  if (!data.value || !json_scan(data.value, data.length, name, 1) || !name->value) return;
  buffer_free(&worker->name);
  buffer_append(&worker->name, name->value, name->length);
}

// engine::functions::info, for one id or for a list of them.
static void answer_info(struct peer *to, struct json_field id, struct json_field function, struct json_field data) {
  enum { ONE, MANY, FIELDS };
  struct json_field field[FIELDS] = {[ONE] = JSON_FIELD("function_id", -1),
                                     [MANY] = JSON_FIELD("function_ids", -1)};
  struct buffer text = {0};
  if (data.value && json_scan(data.value, data.length, field, FIELDS) && field[MANY].value) {
    const char *p = field[MANY].value + 1, *end = field[MANY].value + field[MANY].length;
    buffer_append(&text, "{\"functions\":[", 14);
    for (bool first = true;; first = false) {
      while (p < end && *p != '"') p++;
      if (p >= end) break;
      struct json_field name = {.value = p, .length = (size_t)(json_skip_value(p, end) - p)};
      if (!first) buffer_append(&text, ",", 1);
      add_details(&text, &name, *function_find(&name));
      p += name.length;
    }
    buffer_append(&text, "]}", 2);
  } else if (data.value && field[ONE].value && *function_find(&field[ONE])) {
    add_details(&text, &field[ONE], *function_find(&field[ONE]));
  } else {
    static const char error[] = "{\"code\":\"NOT_FOUND\",\"message\":\"no such function\"}";
    return answer(to, id, function, ",\"error\":", error, sizeof error - 1);
  }
  answer(to, id, function, ",\"result\":", buffer_bytes(&text), buffer_length(&text));
  buffer_free(&text);
}

enum { TYPE, ID, FUNCTION, DATA, RESULT, ERROR, NAME, FIELDS };

static void invoke(struct peer *caller, const struct json_field *field) {
  struct json_field id = field[ID], function = field[FUNCTION], data = field[DATA];
  if (!function.value) return;
  bool silent = !id.value || *id.value != '"';  // a void call: nobody waits for an answer
  struct function *registered = *function_find(&function);
  if (registered) {
    char inner[CALL_ID_SIZE];
    if (silent || id.length > CALL_OUTER_ID_MAXIMUM) return;
    call_open(&calls, caller, id.value, id.length, inner);
    frame_from(registered->owner,
               (struct piece[]){LITERAL("{\"type\":\"invokefunction\",\"invocation_id\":\""), {inner, CALL_ID_SIZE},
                                LITERAL("\",\"function_id\":"), FIELD(function), LITERAL(",\"data\":"),
                                {data.value ? data.value : "null", data.value ? data.length : 4}, LITERAL("}"), {0}});
  } else if (json_is(&function, "\"engine::workers::register\"")) {
    announce(caller, data);
    if (!silent) answer_text(caller, id, function, "{\"success\":true}");
  } else if (silent) {
    return;
  } else if (function.length < 10 || memcmp(function.value, "\"engine::", 9) != 0) {
    answer(caller, id, function, ",\"result\":", data.value ? data.value : "null", data.value ? data.length : 4);
  } else if (json_is(&function, "\"engine::functions::info\"")) {
    answer_info(caller, id, function, data);
  } else if (json_is(&function, "\"engine::functions::list\"")) {
    answer_text(caller, id, function, "{\"functions\":[]}");
  } else if (json_is(&function, "\"engine::workers::list\"")) {
    answer_text(caller, id, function, "{\"workers\":[]}");
  } else {
    answer_text(caller, id, function, "{\"value\":null}");
  }
}

// A worker's answer to a call that was forwarded to it goes to the caller, under the caller's id.
static void hand_back(const struct json_field *field) {
  if (!field[ID].value || field[ID].length != CALL_ID_SIZE + 2 || !field[FUNCTION].value) return;
  struct call *call = call_close(&calls, field[ID].value + 1, CALL_ID_SIZE);
  if (!call) return;
  loop_mark(&loop, call->caller);
  if (call->caller->closed) return;
  struct json_field id = {.value = call->outer_id, .length = call->outer_id_length};
  if (field[ERROR].value)
    answer(call->caller, id, field[FUNCTION], ",\"error\":", field[ERROR].value, field[ERROR].length);
  else if (field[RESULT].value)
    answer(call->caller, id, field[FUNCTION], ",\"result\":", field[RESULT].value, field[RESULT].length);
  else
    answer_text(call->caller, id, field[FUNCTION], "null");
}

static void message_received(struct peer *worker, const char *text, size_t length) {
  struct json_field field[FIELDS] = {
      [TYPE] = JSON_FIELD("type", -1),       [ID] = JSON_FIELD("invocation_id", -1),
      [FUNCTION] = JSON_FIELD("function_id", -1), [DATA] = JSON_FIELD("data", -1),
      [RESULT] = JSON_FIELD("result", -1),   [ERROR] = JSON_FIELD("error", -1),
      [NAME] = JSON_FIELD("id", -1),
  };
  if (!json_scan(text, length, field, FIELDS)) return;
  if (json_is(&field[TYPE], "\"invokefunction\"")) {
    invoke(worker, field);
  } else if (json_is(&field[TYPE], "\"invocationresult\"")) {
    hand_back(field);
  } else if (json_is(&field[TYPE], "\"ping\"")) {
    say(worker, "{\"type\":\"pong\"}", 15);
  } else if (json_is(&field[TYPE], "\"registerfunction\"") && field[NAME].value) {
    function_add(worker, &field[NAME]);
  } else if (json_is(&field[TYPE], "\"unregisterfunction\"") && field[NAME].value) {
    struct function **link = function_find(&field[NAME]);
    if (*link && (*link)->owner == worker) function_remove(link);
  }
}

// The server's handshake (RFC 6455, 4.2); then the engine's first frame.
static void handshake_received(struct peer *worker) {
  buffer_append(&worker->input, "", 1);  // a NUL for the text functions, taken back at once
  worker->input.end--;
  char *head = buffer_bytes(&worker->input), *head_end = strstr(head, "\r\n\r\n");
  if (!head_end) return;
  char *key = strcasestr(head, "\r\nSec-WebSocket-Key:");
  if (!key || key > head_end) return peer_close(&loop, worker);
  key += 20;
  key += strspn(key, " \t");
  char accept[29], text[256];
  ws_accept_value(key, strcspn(key, " \t\r\n"), accept);
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n\r\n",
                        accept);
  buffer_append(&worker->output, text, (size_t)length);
  buffer_consume(&worker->input, (size_t)(head_end + 4 - head));
  worker->kind = WORKER;
  workers_seen++;
  length = snprintf(text, sizeof text,
                    "{\"type\":\"workerregistered\",\"worker_id\":\"00000000-0000-4000-8000-%012x\","
                    "\"reattach_token\":\"bench-%u\"}",
                    workers_seen, workers_seen);
  say(worker, text, (size_t)length);
}

static void frames_received(struct peer *worker) {
  struct ws_frame frame;
  int status;
  while ((status = ws_next_frame(&worker->input, &frame)) > 0) {
    switch (frame.opcode) {
      case WS_PING:
        ws_append(&worker->output, WS_PONG, frame.payload, frame.length, false);
        loop_mark(&loop, worker);
        break;
      case WS_PONG:
        break;
      case WS_CLOSE:
        ws_append(&worker->output, WS_CLOSE, frame.payload, frame.length < 2 ? 0 : 2, false);
        buffer_send(&worker->output, worker->fd);
        return peer_close(&loop, worker);
      default:
        if (frame.final && frame.opcode != WS_CONTINUATION) {
          message_received(worker, frame.payload, frame.length);
          break;
        }
        buffer_append(&worker->message, frame.payload, frame.length);
        if (!frame.final) break;
        message_received(worker, buffer_bytes(&worker->message), buffer_length(&worker->message));
        buffer_consume(&worker->message, buffer_length(&worker->message));
    }
  }
  if (status < 0) peer_close(&loop, worker);
}

static int listen_on(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  if (fd < 0) die("socket");
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) die("bind");
  if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) die("getsockname");
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 1 && (argc != 3 || strcmp(argv[1], "--port") != 0)) {
    fprintf(stderr, "usage: engine [--port N]\n");
    return 2;
  }
  if ((loop.epoll = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
  struct peer *listener = loop_add(&loop, listen_on(argc == 3 ? (uint16_t)atoi(argv[2]) : 0), LISTENER);

  struct epoll_event events[256];
  for (;;) {
    int count = epoll_wait(loop.epoll, events, 256, -1), fd, on = 1;
    for (int i = 0; i < count; i++) {
      struct peer *peer = events[i].data.ptr;
      if (peer == listener) {
        while ((fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
          setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          loop_add(&loop, fd, HANDSHAKE);
        }
        continue;
      }
      if (peer_receive(&loop, peer, events[i].events)) {
        if (peer->kind == HANDSHAKE) handshake_received(peer);
        if (peer->kind == WORKER) frames_received(peer);
      }
      if (peer->ended) peer_close(&loop, peer);  // a worker that says no more gets no calls either
      if (peer->closed) forget(peer);
    }
    loop_flush(&loop);
  }
}
