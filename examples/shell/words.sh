#!/bin/bash
# Serves shell::words, which counts the words of {"text":"…"}: one jq program, started by socat.
#
#   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./words.sh
#
# Ends when the daemon does; shell/keep.sh starts it again.
echo '{"id":1,"method":"register_function","params":{"function_id":"shell::words"}}'
exec jq --unbuffered --compact-output '
  if .error then .error.message | stderr | empty else select(.method == "invoke") end
  | if (.params.payload.text? // null) | type == "string"
    then {id, result: {words: [.params.payload.text | split(" ")[] | split("\n")[] | split("\t")[] | select(. != "")] | length}}
    else {id, error: {code: "NO_TEXT", message: "payload.text must be a string"}}
    end'
