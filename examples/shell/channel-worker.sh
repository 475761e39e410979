#!/bin/bash
# A worker that reads a channel: serves shell::checksum, which turns {"content":<a reader's reference>} into {"sha256":"…"}.
#
#   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./channel-worker.sh
#
# The reference goes back to the daemon as it came, on a connection of its own: one line says that it is the channel's end, and
# from then on there are bytes.
echo '{"id":1,"method":"register_function","params":{"function_id":"shell::checksum"}}'
while IFS= read -r line; do
  [ "$(jq -r .method <<<"$line")" = invoke ] || continue
  id=$(jq -c .id <<<"$line")
  attach=$(jq -c '{id: 1, method: "attach_channel", params: {ref: .params.payload.content?}}' <<<"$line")
  # The first line is the daemon's answer; without a result no bytes follow.
  if sum=$(socat -t 86400 - "UNIX-CONNECT:$IIID_SOCKET" <<<"$attach" |
    { IFS= read -r answer && jq -e .result <<<"$answer" >/dev/null && sha256sum; }); then
    jq -cn --argjson id "$id" --arg sum "${sum%% *}" '{id: $id, result: {sha256: $sum}}'
  else
    jq -cn --argjson id "$id" '{id: $id, error: {code: "NO_CONTENT", message: "content is no channel that can be read"}}'
  fi
done
