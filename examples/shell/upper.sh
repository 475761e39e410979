#!/bin/bash
# A worker in one jq program: serves shell::upper, which turns {"text":"…"} into {"text":"…"} in capitals.
#
#   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./upper.sh
#
# Standard output goes to the daemon, standard input comes from it: one line to register, then a result line for each
# invoke line. What else the daemon says (answers to our own requests, notifications) has no business here.
echo '{"id":1,"method":"register_function","params":{"function_id":"shell::upper","description":"text in capitals"}}'
exec jq --unbuffered --compact-output '
  select(.method == "invoke")
  | if (.params.payload.text? // null) | type == "string"
    then {id, result: {text: (.params.payload.text | ascii_upcase)}}
    else {id, error: {code: "BAD_TEXT", message: "payload.text must be a string"}}
    end'
