#!/bin/bash
# A worker that is a loop in bash: shell::webhook answers HTTP requests, shell::tick is called every second. It binds both
# itself; the bindings end with it. What happens is told on standard error.
#
#   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./events.sh
#
# The engine has to serve HTTP: iiid serve --dev --dev-http-port 3111, then curl http://127.0.0.1:3111/hooks/you
cat <<'LINES'
{"id":1,"method":"register_function","params":{"function_id":"shell::webhook","description":"greets who calls"}}
{"id":2,"method":"register_function","params":{"function_id":"shell::tick","description":"notes the time"}}
{"id":3,"method":"register_trigger","params":{"trigger_type":"http","function_id":"shell::webhook","config":{"api_path":"/hooks/:who","http_method":"POST"}}}
{"id":4,"method":"register_trigger","params":{"trigger_type":"cron","function_id":"shell::tick","config":{"expression":"* * * * * *"}}}
LINES

# A payload is data: jq handles it, and no part of it ever becomes a word of a command.
greeting='{id, result: {
  status_code: 201,
  headers: {"X-Served-By": "bash"},
  body: {hello: .params.payload.path_params.who, got: .params.payload.body}}}'

while IFS= read -r line; do
  case $(jq -r '"\(.method) \(.params.function_id?)"' <<<"$line") in
    "invoke shell::webhook")
      jq -r '.params.payload | "webhook: \(.method) for \(.path_params.who)"' <<<"$line" >&2
      jq -c "$greeting" <<<"$line"
      ;;
    "invoke shell::tick")
      jq -r '"tick: \(.params.payload.scheduled_time)"' <<<"$line" >&2
      jq -c '{id, result: null}' <<<"$line"
      ;;
  esac
done
