#!/bin/bash
# Keeps a worker connected: keep.sh WORKER [ARGUMENT…]. The worker speaks on its standard input and output, which is how those in
# shell, C and Tcl here do. It ends with the daemon; a second later it is started again, until there is a daemon again.
trap 'exit 0' TERM INT
trap 'kill "$socat" 2>/dev/null' EXIT
while true; do
  socat -t 35 "UNIX-CONNECT:${IIID_SOCKET:-/run/iiid/iiid.sock}" EXEC:"$*" &
  socat=$!
  wait "$socat"
  sleep 1
done
