#!/bin/bash
# Gives a function standard input as a channel, and prints its result: channel-call.sh FUNCTION_ID [MEMBER]. The payload is
# {"MEMBER":<the reader's reference>}; MEMBER is "content" unless said otherwise. Fails, as call.sh does, when the call does.
set -euo pipefail
member=${2:-content}
connect=UNIX-CONNECT:$IIID_SOCKET

refs=$(echo '{"id":1,"method":"create_channel"}' | socat -t 35 - "$connect" | jq -ce .result)

# The writing end: one line, then all of standard input. Its end is the content's.
exec 3<&0
socat -t 86400 - "$connect" >/dev/null < <(
  jq -c '{id: 1, method: "attach_channel", params: {ref: .writer}}' <<<"$refs"
  cat <&3
) &
writer=$!

if ! jq -c --arg function "$1" --arg member "$member" \
  '{id: 1, method: "trigger", params: {function_id: $function, payload: {($member): .reader}, timeout_ms: 86400000}}' <<<"$refs" |
  socat -t 86400 - "$connect" | jq -c 'if .error then .error.message + "\n" | halt_error(1) else .result end'; then
  # Nobody is going to read.
  kill "$writer"
  exit 1
fi
wait "$writer"
