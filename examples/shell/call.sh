#!/bin/bash
# Calls a function and prints its result: call.sh FUNCTION_ID [PAYLOAD_JSON]. Fails, with the error on standard error, when
# the call does. The payload goes out as it was given; socat must wait longer (-t) than the call may take.
set -o pipefail
id=$(jq -cn --arg id "$1" '$id')
printf '{"id":1,"method":"trigger","params":{"function_id":%s,"payload":%s,"timeout_ms":30000}}\n' "$id" "${2:-null}" |
  socat -t 35 - "UNIX-CONNECT:${IIID_SOCKET:-/run/iiid/iiid.sock}" |
  jq -n 'try input catch ("no answer\n" | halt_error(1)) | if .error then .error.message + "\n" | halt_error(1) else .result end'
