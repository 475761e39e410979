// Calls a function and prints its result: call FUNCTION_ID [PAYLOAD_JSON]. The payload goes out as it was given.
//
//   gcc -o call call.c -ljson-c
#include <err.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv) {
  const char *path = getenv("IIID_SOCKET") ? getenv("IIID_SOCKET") : "/run/iiid/iiid.sock";
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  int daemon = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(daemon, (struct sockaddr *)&address, sizeof address) != 0) err(1, "%s", path);
  signal(SIGPIPE, SIG_IGN);  // a daemon that hangs up is noticed below
  const char *function = json_object_to_json_string(json_object_new_string(argc > 1 ? argv[1] : ""));
  dprintf(daemon, "{\"id\":1,\"method\":\"trigger\",\"params\":{\"function_id\":%s,\"payload\":%s}}\n", function, argc > 2 ? argv[2] : "null");

  char *line = NULL;
  if (getline(&line, &(size_t){0}, fdopen(daemon, "r")) < 0) errx(1, "%s: closed without an answer", path);
  struct json_object *answer = json_tokener_parse_ex(json_tokener_new_ex(200), line, -1), *message;
  if (json_pointer_get(answer, "/error/message", &message) == 0) errx(1, "%s", json_object_get_string(message));
  puts(json_object_to_json_string_ext(json_object_object_get(answer, "result"), JSON_C_TO_STRING_NOSLASHESCAPE));
}
