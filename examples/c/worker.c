// Serves c::words, which counts the words of {"text":"…"}. It speaks on standard input and output; socat connects it:
//
//   gcc -o worker worker.c -ljson-c
//   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./worker
//
// Ends when the daemon does. 200 levels of nesting are more than a daemon lets through; without it json-c takes 32.
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  char *line = NULL;
  size_t size = 0;
  setlinebuf(stdout);
  puts("{\"id\":1,\"method\":\"register_function\",\"params\":{\"function_id\":\"c::words\"}}");
  for (struct json_tokener *parser = json_tokener_new_ex(200); getline(&line, &size, stdin) > 0;) {
    struct json_object *message = json_tokener_parse_ex(parser, line, -1), *text = NULL;
    const char *id = json_object_get_string(json_object_object_get(message, "id")), *blank = " \t\r\n", *at;
    int words = 0, invoke = json_object_object_get_ex(message, "method", NULL) && id != NULL;
    json_pointer_get(message, "/params/payload/text", &text);
    for (at = json_object_get_string(text); at && *(at += strspn(at, blank)); at += strcspn(at, blank)) words++;
    if (!invoke) fputs(json_object_object_get_ex(message, "error", NULL) ? line : "", stderr);
    else if (json_object_is_type(text, json_type_string)) printf("{\"id\":\"%s\",\"result\":{\"words\":%d}}\n", id, words);
    else printf("{\"id\":\"%s\",\"error\":{\"code\":\"NO_TEXT\",\"message\":\"payload.text must be a string\"}}\n", id);
    json_object_put(message);
  }
}
