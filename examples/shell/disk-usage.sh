#!/bin/bash
# A worker in bash: serves disk::usage, which turns {"path":"/"} into {"used_percent":17}.
#
#   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./disk-usage.sh
#
# One invoke line comes in, one result line goes out, and only then is the next one read: the daemon gives a worker one
# call at a time unless it registers with a larger "max_in_flight". The payload is data: it is never evaluated.
echo '{"id":1,"method":"register_function","params":{"function_id":"disk::usage","timeout_ms":5000}}'
while IFS= read -r line; do
  [ "$(jq -r .method <<<"$line")" = invoke ] || continue
  id=$(jq -c .id <<<"$line")
  path=$(jq -r '.params.payload.path? // "/" | tostring' <<<"$line")
  if used=$(df --output=pcent -- "$path" 2>/dev/null | tr -dc '0-9\n' | tail -n 1) && [ -n "$used" ]; then
    jq -cn --argjson id "$id" --argjson used "$used" '{id: $id, result: {used_percent: $used}}'
  else
    jq -cn --argjson id "$id" --arg path "$path" '{id: $id, error: {code: "NO_SUCH_PATH", message: $path}}'
  fi
done
