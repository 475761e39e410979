#!/bin/bash
# Calls a function and prints its result: call.sh FUNCTION_ID [PAYLOAD_JSON]. Fails, with the error on standard error, when
# the call does. The payload goes out as it was given; socat must wait longer (-t) than the call may take.
printf '{"id":1,"method":"trigger","params":{"function_id":"%s","payload":%s,"timeout_ms":30000}}\n' "$1" "${2:-null}" |
  socat -t 35 - "UNIX-CONNECT:$IIID_SOCKET" |
  jq 'if .error then .error.message + "\n" | halt_error(1) else .result end'
exit "${PIPESTATUS[2]}"
