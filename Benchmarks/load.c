// load: the benchmark's driver, and the local programs that it needs around it. One thread.
//
//   load call --protocol iiid|echo|engine|nats|gearman --to PATH|URL [--function ID] [--connections N] [--in-flight M]
//             [--payload BYTES] [--shape string|rows] [--warm-up S] [--seconds S] [--watch PID]
//     Keeps M calls in flight on each of N connections and prints one line of JSON with rates, latencies and CPU.
//     Every answer is checked: the id of a call in flight, once; a result, not an error; the payload's bytes (above
//     4 KiB: its length, and 256 bytes at each end). The first that is wrong ends the run with status 1.
//     A latency runs from the read that brought the answer before it to the read that brought the answer.
//     --watch also measures the CPU time of that process (all its threads) over the same window.
//   load idle --to PATH --connections K
//     Opens K connections that say nothing, prints a line, waits for a line on its input; sends a ping on each,
//     counts the answers, prints a line, and holds them all until its input ends.
//   load worker --to PATH [--function ID] [--count K]
//     Registers a function through iiid (and K - 1 more, with a number behind the id), prints a line with the number of
//     those that are active, and answers each invoke with its payload.

#define _GNU_SOURCE 1

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/un.h>
#include <time.h>

#include "json.h"
#include "websocket.h"

enum protocol { IIID, ECHO, ENGINE, NATS, GEARMAN };
static const char *const protocol_names[] = {"iiid", "echo", "engine", "nats", "gearman"};

enum { ID_DIGITS = 10, SLOT_MAXIMUM = 10000, GENERATIONS = 100000 };  // an id reads 1GGGGGSSSS

static struct {
  const char *to, *function, *shape;
  enum protocol protocol;
  unsigned connections, in_flight, count;
  size_t payload;
  double warm_up, seconds;
  int watch;
} option = {.function = "bench::echo", .shape = "string", .connections = 1, .in_flight = 1, .count = 1,
            .payload = 64, .warm_up = 0.2, .seconds = 1};

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static uint64_t now_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

// CPU time that the watched process has used, in nanoseconds; 0 when it cannot be read.
static uint64_t watched_cpu_ns(void) {
  char path[64];
  if (option.watch <= 0) return 0;
  snprintf(path, sizeof path, "/proc/%d/task", option.watch);
  DIR *tasks = opendir(path);
  if (!tasks) return 0;
  uint64_t total = 0;
  for (struct dirent *task; (task = readdir(tasks));) {
    char stat[400];
    unsigned long long running = 0;
    if (task->d_name[0] == '.') continue;
    snprintf(stat, sizeof stat, "%s/%s/schedstat", path, task->d_name);
    FILE *file = fopen(stat, "r");
    if (!file) continue;
    if (fscanf(file, "%llu", &running) == 1) total += running;
    fclose(file);
  }
  closedir(tasks);
  return total;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) fail("the path is too long: %s", path);
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die(path);
  return fd;
}

// --- What is sent, and what has to come back ---

struct template {
  struct buffer text;
  size_t id_at;
  size_t connection_at;  // four digits: which connection it is (nats: part of the subject of answers); 0: nowhere
};

static struct template request, expected;

static void add_text(struct buffer *to, const char *text) { buffer_append(to, text, strlen(text)); }

static void add_id(struct template *to) {
  to->id_at = buffer_length(&to->text);
  add_text(&to->text, "1000000000");
}

static void add_connection(struct template *to) {
  to->connection_at = buffer_length(&to->text);
  add_text(&to->text, "0000.");
}

static void put_digits(char *to, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; i--, value /= 10) to[i] = (char)('0' + value % 10);
}

static void add_filler(struct buffer *to, size_t size) {
  buffer_reserve(to, size);
  memset(to->data + to->end, 'x', size);
  to->end += size;
}

// A JSON value of exactly `size` bytes: one string, or an array of small objects (filled up with a string).
static void add_payload(struct buffer *to, size_t size) {
  static const char letters[] = "The quick brown fox jumps over the lazy dog 0123456789, and so on; ";
  bool rows = strcmp(option.shape, "rows") == 0;
  size_t begin = buffer_length(to), tail = rows ? 3 : 2;
  if (rows) {
    char row[80];
    add_text(to, "[");
    for (unsigned i = 0;; i++) {
      int length = snprintf(row, sizeof row, "{\"id\":%u,\"name\":\"item\",\"ok\":true,\"price\":19.99},", 10000 + i);
      if (buffer_length(to) - begin + (size_t)length + tail > size) break;
      buffer_append(to, row, (size_t)length);
    }
  }
  add_text(to, "\"");
  for (size_t i = 0; buffer_length(to) - begin + tail - 1 < size; i++) buffer_append(to, &letters[i % (sizeof letters - 1)], 1);
  add_text(to, rows ? "\"]" : "\"");
  if (buffer_length(to) - begin != size) fail("a payload of this shape cannot have %zu bytes", size);
}

static void make_templates(void) {
  struct buffer *out = &request.text, *in = &expected.text;
  char line[32];
  if (option.payload < ID_DIGITS) fail("a payload has at least %d bytes", ID_DIGITS);
  switch (option.protocol) {
    case IIID:
      add_text(out, "{\"id\":");
      add_id(&request);
      add_text(out, ",\"method\":\"trigger\",\"params\":{\"function_id\":\"");
      add_text(out, option.function);
      add_text(out, "\",\"payload\":");
      add_payload(out, option.payload);
      add_text(out, "}}\n");
      add_text(in, "{\"jsonrpc\":\"2.0\",\"id\":");
      add_id(&expected);
      add_text(in, ",\"result\":");
      add_payload(in, option.payload);
      add_text(in, "}");
      break;
    case ECHO:
      add_id(&request);
      add_filler(out, option.payload - ID_DIGITS);
      add_text(out, "\n");
      add_id(&expected);
      add_filler(in, option.payload - ID_DIGITS);
      break;
    case ENGINE: {  // a frame with a mask of zeros: nothing to mask
      struct template body = {0};
      add_text(&body.text, "{\"type\":\"invokefunction\",\"invocation_id\":\"00000000-0000-4000-8000-00");
      add_id(&body);
      add_text(&body.text, "\",\"function_id\":\"");
      add_text(&body.text, option.function);
      add_text(&body.text, "\",\"data\":");
      add_payload(&body.text, option.payload);
      add_text(&body.text, "}");
      buffer_reserve(out, 14);
      out->end = ws_header(out->data, WS_TEXT, buffer_length(&body.text), true, 0);
      request.id_at = out->end + body.id_at;
      buffer_append(out, buffer_bytes(&body.text), buffer_length(&body.text));
      buffer_free(&body.text);
      add_text(in, "{\"type\":\"invocationresult\",\"invocation_id\":\"00000000-0000-4000-8000-00");
      add_id(&expected);
      add_text(in, "\",\"function_id\":\"");
      add_text(in, option.function);
      add_text(in, "\",\"result\":");
      add_payload(in, option.payload);
      add_text(in, "}");
      break;
    }
    case NATS:  // a request is a message whose answer goes to a subject that holds the id
      snprintf(line, sizeof line, " %zu\r\n", option.payload);
      add_text(out, "PUB bench answers.");
      add_connection(&request);
      add_id(&request);
      add_text(out, line);
      add_payload(out, option.payload);
      add_text(out, "\r\n");
      add_text(in, "MSG answers.");
      add_connection(&expected);
      add_id(&expected);
      add_text(in, " 1");
      add_text(in, line);
      add_payload(in, option.payload);
      break;
    case GEARMAN: {  // a job whose data begin with the id
      size_t size = strlen(option.function) + 2 + option.payload;  // function NUL, no unique id NUL, data
      uint32_t header[3] = {0, htonl(7), htonl((uint32_t)size)};  // SUBMIT_JOB
      memcpy(header, "\0REQ", 4);
      buffer_append(out, header, sizeof header);
      add_text(out, option.function);
      buffer_append(out, "\0", 2);
      add_id(&request);
      add_filler(out, option.payload - ID_DIGITS);
      add_id(&expected);
      add_filler(in, option.payload - ID_DIGITS);
    }
  }
}

// Whether the answer is the expected one byte for byte, but for its id.
static bool is_expected(const char *text, size_t length) {
  const char *want = buffer_bytes(&expected.text);
  size_t rest = expected.id_at + ID_DIGITS;
  if (length != buffer_length(&expected.text) || memcmp(text, want, expected.id_at) != 0) return false;
  if (length - rest <= 4096) return memcmp(text + rest, want + rest, length - rest) == 0;
  return memcmp(text + rest, want + rest, 256) == 0 && memcmp(text + length - 256, want + length - 256, 256) == 0;
}

// Finds the id's digits in an answer that is right in another form (order of members, white space); else null.
static const char *find_id(const char *text, size_t length) {
  enum { ID, RESULT, ERROR, FIELDS };
  struct json_field field[FIELDS] = {[RESULT] = JSON_FIELD("result", -1), [ERROR] = JSON_FIELD("error", -1)};
  if (option.protocol != IIID && option.protocol != ENGINE) return NULL;
  if (option.protocol == IIID) field[ID] = (struct json_field)JSON_FIELD("id", -1);
  else field[ID] = (struct json_field)JSON_FIELD("invocation_id", -1);
  if (!json_scan(text, length, field, FIELDS) || field[ERROR].value || !field[ID].value) return NULL;
  if (!field[RESULT].value || field[RESULT].length != option.payload) return NULL;
  size_t quote = *field[ID].value == '"';
  if (field[ID].length < ID_DIGITS + quote) return NULL;
  return field[ID].value + field[ID].length - quote - ID_DIGITS;
}

// --- Latencies: a histogram with 64 steps per power of two ---

enum { STEPS = 64, BUCKETS = STEPS * 48 };

static uint64_t histogram[BUCKETS], longest;

static void record(uint64_t ns) {
  int shift = ns < STEPS ? 0 : 63 - __builtin_clzll(ns) - 6;
  size_t bucket = ns < STEPS ? ns : (size_t)shift * STEPS + (ns >> shift);
  histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  if (ns > longest) longest = ns;
}

static double percentile_us(uint64_t calls, double part) {
  uint64_t wanted = (uint64_t)ceil((double)calls * part), seen = 0;
  for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
    if ((seen += histogram[bucket]) < wanted) continue;
    if (bucket < 2 * STEPS) return (double)bucket / 1000;
    size_t shift = bucket / STEPS - 1;
    return ((double)(bucket - shift * STEPS) + 0.5) * (double)(1ull << shift) / 1000;
  }
  return (double)longest / 1000;
}

// --- The calls ---

struct slot {
  uint64_t sent_at;
  uint32_t generation;
  bool open;
};

struct connection {
  int fd;
  unsigned number;
  bool waiting;  // for room in the socket
  struct buffer input, output;
  size_t scanned;  // bytes of `input` that are known to hold no LF
  struct slot *slots;
};

static bool stopping;
static uint64_t answered, outstanding;

static void call(struct connection *connection, uint32_t index, uint64_t now) {
  struct slot *slot = &connection->slots[index];
  slot->generation = (slot->generation + 1) % GENERATIONS;
  slot->sent_at = now;
  slot->open = true;
  outstanding++;
  buffer_append(&connection->output, buffer_bytes(&request.text), buffer_length(&request.text));
  char *text = connection->output.data + connection->output.end - buffer_length(&request.text);
  put_digits(text + request.id_at + 1, slot->generation, 5);
  put_digits(text + request.id_at + 6, index, 4);
  if (request.connection_at) put_digits(text + request.connection_at, connection->number, 4);
}

static void answer_received(struct connection *connection, const char *text, size_t length, uint64_t now) {
  if (expected.connection_at)
    put_digits(buffer_bytes(&expected.text) + expected.connection_at, connection->number, 4);
  const char *id = is_expected(text, length) ? text + expected.id_at : find_id(text, length);
  if (!id) fail("not the result of a call (%zu bytes): %.*s", length, (int)(length < 300 ? length : 300), text);
  uint32_t index = 0, generation = 0;
  for (int i = 1; i < 6; i++) generation = generation * 10 + (uint32_t)(id[i] - '0');
  for (int i = 6; i < 10; i++) index = index * 10 + (uint32_t)(id[i] - '0');
  if (index >= option.in_flight || !connection->slots[index].open || connection->slots[index].generation != generation)
    fail("an answer to no call in flight: %.*s", (int)(length < 300 ? length : 300), text);
  struct slot *slot = &connection->slots[index];
  slot->open = false;
  outstanding--;
  answered++;
  record(now - slot->sent_at);
  if (!stopping) call(connection, index, now);
}

// Each of these takes the next answer off the input; false when more bytes are needed.

static bool next_line(struct connection *connection, const char **text, size_t *length) {
  struct buffer *input = &connection->input;
  char *line = buffer_bytes(input), *lf = NULL;
  size_t available = buffer_length(input);
  if (available > connection->scanned) lf = memchr(line + connection->scanned, '\n', available - connection->scanned);
  connection->scanned = lf ? 0 : available;
  if (!lf) return false;
  *text = line;
  *length = (size_t)(lf - line);
  buffer_consume(input, *length + 1);
  return true;
}

static bool next_frame(struct connection *connection, const char **text, size_t *length) {
  struct ws_frame frame;
  int status;
  while ((status = ws_next_frame(&connection->input, &frame)) > 0) {
    if (frame.opcode != WS_TEXT || !frame.final) fail("an unexpected frame from the engine");
    if (memmem(frame.payload, frame.length < 64 ? frame.length : 64, "\"workerregistered\"", 18)) continue;
    *text = frame.payload;
    *length = frame.length;
    return true;
  }
  if (status < 0) fail("not a WebSocket frame");
  return false;
}

static bool next_nats(struct connection *connection, const char **text, size_t *length) {
  struct buffer *input = &connection->input;
  for (char *lf; (lf = memchr(buffer_bytes(input), '\n', buffer_length(input)));) {
    char *line = buffer_bytes(input);
    size_t head = (size_t)(lf + 1 - line), size = 0;
    if (memcmp(line, "MSG ", 4) == 0) {
      const char *digits = lf;
      while (*digits != ' ') digits--;
      for (digits++; *digits != '\r'; digits++) size = size * 10 + (size_t)(*digits - '0');
      if (buffer_length(input) < head + size + 2) return false;
      *text = line;
      *length = head + size;
      buffer_consume(input, head + size + 2);
      return true;
    }
    if (memcmp(line, "-ERR", 4) == 0) fail("nats: %.*s", (int)head, line);
    if (memcmp(line, "PING", 4) == 0) add_text(&connection->output, "PONG\r\n");
    buffer_consume(input, head);
  }
  return false;
}

static bool next_job(struct connection *connection, const char **text, size_t *length) {
  struct buffer *input = &connection->input;
  while (buffer_length(input) >= 12) {
    char *packet = buffer_bytes(input);
    uint32_t type, size;
    memcpy(&type, packet + 4, 4);
    memcpy(&size, packet + 8, 4);
    type = ntohl(type), size = ntohl(size);
    if (buffer_length(input) < 12 + size) return false;
    buffer_consume(input, 12 + size);
    if (type == 8) continue;  // JOB_CREATED
    if (type != 13) fail("gearman: packet %u instead of WORK_COMPLETE", type);
    size_t handle = strnlen(packet + 12, size) + 1;
    if (handle > size) fail("gearman: no data");
    *text = packet + 12 + handle;
    *length = size - handle;
    return true;
  }
  return false;
}

static void handle_input(struct connection *connection, uint64_t now) {
  static bool (*const next[])(struct connection *, const char **, size_t *) = {
      [IIID] = next_line, [ECHO] = next_line, [ENGINE] = next_frame, [NATS] = next_nats, [GEARMAN] = next_job};
  const char *text;
  size_t length;
  while (next[option.protocol](connection, &text, &length)) answer_received(connection, text, length, now);
}

static void send_output(int loop, struct connection *connection) {
  enum io sent = buffer_send(&connection->output, connection->fd);
  if (sent == IO_CLOSED) fail("the connection was closed");
  if ((sent == IO_WOULD_BLOCK) == connection->waiting) return;
  connection->waiting = !connection->waiting;
  struct epoll_event event = {.events = EPOLLIN | (connection->waiting ? EPOLLOUT : 0), .data.ptr = connection};
  if (epoll_ctl(loop, EPOLL_CTL_MOD, connection->fd, &event) < 0) die("epoll_ctl");
}

// One turn of the loop.
static void turn(int loop) {
  struct epoll_event events[256];
  int count = epoll_wait(loop, events, 256, 10000);
  if (count == 0) fail("no answer for 10 s, %llu calls in flight", (unsigned long long)outstanding);
  for (int i = 0; i < count; i++) {
    struct connection *connection = events[i].data.ptr;
    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
      enum io received = buffer_receive(&connection->input, connection->fd);
      if (received == IO_CLOSED) fail("the connection was closed, %llu calls in flight", (unsigned long long)outstanding);
      if (received == IO_DONE) handle_input(connection, now_ns(CLOCK_MONOTONIC));
    }
    send_output(loop, connection);
  }
}

static uint64_t run_until(int loop, uint64_t end) {
  uint64_t now;
  do turn(loop);
  while ((now = now_ns(CLOCK_MONOTONIC)) < end);
  return now;
}

static int run_calls(void) {
  make_templates();
  struct connection *connections = calloc(option.connections, sizeof *connections);
  int loop = epoll_create1(EPOLL_CLOEXEC);
  if (!connections || loop < 0) die("load");
  for (unsigned i = 0; i < option.connections; i++) {
    struct connection *connection = &connections[i];
    connection->slots = calloc(option.in_flight, sizeof *connection->slots);
    if (!connection->slots) die("calloc");
    connection->number = i;
    if (option.protocol == ENGINE) connection->fd = ws_connect(option.to, &connection->input);
    else if (strstr(option.to, "://")) connection->fd = tcp_connect(option.to);
    else connection->fd = connect_to(option.to);
    if (option.protocol == NATS) {
      char hello[80];
      snprintf(hello, sizeof hello, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB answers.%04u.* 1\r\n", i);
      add_text(&connection->output, hello);
    }
    if (fcntl(connection->fd, F_SETFL, O_NONBLOCK) < 0) die("fcntl");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(loop, EPOLL_CTL_ADD, connection->fd, &event) < 0) die("epoll_ctl");
    handle_input(connection, 0);
  }
  uint64_t begin = now_ns(CLOCK_MONOTONIC);
  for (unsigned i = 0; i < option.connections; i++) {
    for (uint32_t index = 0; index < option.in_flight; index++) call(&connections[i], index, begin);
    send_output(loop, &connections[i]);
  }

  begin = run_until(loop, begin + (uint64_t)(option.warm_up * 1e9));
  memset(histogram, 0, sizeof histogram);
  longest = 0;
  uint64_t warm_calls = answered, own_cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID), watched_cpu = watched_cpu_ns();
  uint64_t end = run_until(loop, begin + (uint64_t)(option.seconds * 1e9));
  own_cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - own_cpu;
  watched_cpu = watched_cpu_ns() - watched_cpu;
  uint64_t calls = answered - warm_calls;
  if (calls == 0) fail("not one call was answered");
  double p50 = percentile_us(calls, 0.5), p99 = percentile_us(calls, 0.99), most = (double)longest / 1000;

  stopping = true;  // and every call that was made is answered
  while (outstanding) turn(loop);

  double seconds = (double)(end - begin) / 1e9;
  printf("{\"connections\":%u,\"in_flight\":%u,\"payload\":%zu,\"seconds\":%.3f,\"calls\":%llu,\"all_calls\":%llu,"
         "\"calls_per_second\":%.1f,\"p50_us\":%.2f,\"p99_us\":%.2f,\"max_us\":%.1f,\"driver_cpu_us\":%.3f,",
         option.connections, option.in_flight, option.payload, seconds, (unsigned long long)calls,
         (unsigned long long)answered, (double)calls / seconds, p50, p99, most,
         (double)own_cpu / 1000 / (double)calls);
  if (watched_cpu) printf("\"server_cpu_us\":%.3f}\n", (double)watched_cpu / 1000 / (double)calls);
  else printf("\"server_cpu_us\":null}\n");
  return 0;
}

// --- Idle connections ---

static void wait_for_input(void) {
  int byte;
  while ((byte = getchar()) != '\n' && byte != EOF) continue;
}

static int run_idle(void) {
  int *fds = calloc(option.connections, sizeof *fds);
  if (!fds) die("calloc");
  for (unsigned i = 0; i < option.connections; i++) fds[i] = connect_to(option.to);
  printf("{\"connected\":%u}\n", option.connections);
  fflush(stdout);
  wait_for_input();

  static const char ping[] = "{\"id\":1,\"method\":\"ping\"}\n";
  unsigned alive = 0;
  char first[400] = "";
  for (unsigned i = 0; i < option.connections; i++)
    if (send(fds[i], ping, sizeof ping - 1, MSG_NOSIGNAL) < 0) continue;
  for (unsigned i = 0; i < option.connections; i++) {
    char line[400];
    struct pollfd wait = {.fd = fds[i], .events = POLLIN};
    ssize_t length = poll(&wait, 1, 5000) == 1 ? recv(fds[i], line, sizeof line - 1, 0) : 0;
    line[length > 0 ? length : 0] = 0;
    if (strstr(line, "\"id\":1,\"result\"")) alive++;
    else if (!*first) memcpy(first, line, sizeof first);
  }
  printf("{\"connected\":%u,\"answered\":%u}\n", option.connections, alive);
  if (alive < option.connections) fprintf(stderr, "load: a connection got instead of an answer: %s\n", first);
  fflush(stdout);
  wait_for_input();
  return 0;
}

// --- A worker ---

static unsigned registrations, active;

static void register_function(struct buffer *output, unsigned number) {
  char text[40];
  add_text(output, "{\"id\":1,\"method\":\"register_function\",\"params\":{\"function_id\":\"");
  add_text(output, option.function);
  snprintf(text, sizeof text, "%.0u\",\"max_in_flight\":256}}\n", number);  // nothing for number 0
  add_text(output, text);
}

static void worker_line(struct buffer *output, const char *line, size_t length) {
  enum { ID, METHOD, PARAMS, PAYLOAD, RESULT, STATE, ERROR, FIELDS };
  struct json_field field[FIELDS] = {
      [ID] = JSON_FIELD("id", -1),
      [METHOD] = JSON_FIELD("method", -1),
      [PARAMS] = JSON_FIELD("params", -1),
      [PAYLOAD] = JSON_FIELD("payload", PARAMS),
      [RESULT] = JSON_FIELD("result", -1),
      [STATE] = JSON_FIELD("state", RESULT),
      [ERROR] = JSON_FIELD("error", -1),
  };
  if (!json_scan(line, length, field, FIELDS) || field[ERROR].value) fail("worker: %.*s", (int)length, line);
  if (field[RESULT].value) {  // of a registration
    if (json_is(&field[STATE], "\"active\"")) active++;
    else fprintf(stderr, "load: a registration was answered %.*s\n", (int)length, line);
    if (++registrations < option.count) return register_function(output, registrations);
    printf("{\"active\":%u}\n", active);
    fflush(stdout);
  }
  if (!field[ID].value || !json_is(&field[METHOD], "\"invoke\"")) return;
  add_text(output, "{\"id\":");
  buffer_append(output, field[ID].value, field[ID].length);
  add_text(output, ",\"result\":");
  if (field[PAYLOAD].value) buffer_append(output, field[PAYLOAD].value, field[PAYLOAD].length);
  else add_text(output, "null");
  add_text(output, "}\n");
}

static int run_worker(void) {
  struct buffer input = {0}, output = {0};
  int fd = connect_to(option.to);
  register_function(&output, 0);
  for (;;) {
    if (buffer_send(&output, fd) != IO_DONE) fail("the connection was closed");
    if (buffer_receive(&input, fd) != IO_DONE) return 0;
    for (char *lf; (lf = memchr(buffer_bytes(&input), '\n', buffer_length(&input)));) {
      size_t length = (size_t)(lf - buffer_bytes(&input));
      worker_line(&output, buffer_bytes(&input), length);
      buffer_consume(&input, length + 1);
    }
  }
}

static enum protocol find_protocol(const char *name) {
  for (size_t i = 0; i < sizeof protocol_names / sizeof *protocol_names; i++)
    if (strcmp(name, protocol_names[i]) == 0) return (enum protocol)i;
  fail("unknown protocol %s", name);
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  for (int i = 2; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (strcmp(name, "--to") == 0) option.to = value;
    else if (strcmp(name, "--function") == 0) option.function = value;
    else if (strcmp(name, "--shape") == 0) option.shape = value;
    else if (strcmp(name, "--protocol") == 0) option.protocol = find_protocol(value);
    else if (strcmp(name, "--connections") == 0) option.connections = (unsigned)atoi(value);
    else if (strcmp(name, "--in-flight") == 0) option.in_flight = (unsigned)atoi(value);
    else if (strcmp(name, "--count") == 0) option.count = (unsigned)atoi(value);
    else if (strcmp(name, "--payload") == 0) option.payload = (size_t)atoll(value);
    else if (strcmp(name, "--warm-up") == 0) option.warm_up = atof(value);
    else if (strcmp(name, "--seconds") == 0) option.seconds = atof(value);
    else if (strcmp(name, "--watch") == 0) option.watch = atoi(value);
    else fail("unknown option %s", name);
  }
  if (!option.to || !option.connections || !option.in_flight || option.in_flight >= SLOT_MAXIMUM)
    fail("usage: load call|idle|worker --to PATH|URL …: see the head of load.c");
  if (strcmp(mode, "call") == 0) return run_calls();
  if (strcmp(mode, "idle") == 0) return run_idle();
  if (strcmp(mode, "worker") == 0) return run_worker();
  fail("unknown mode %s", mode);
}
