#!/usr/bin/env lua5.4
-- Serves lua::words, which counts the words of {"text":"…"}. Ends when the daemon does.
local json = require "dkjson"
require "socket" -- so that a daemon that hangs up does not kill us by SIGPIPE
local unix = require "socket.unix"

local path = os.getenv "IIID_SOCKET" or "/run/iiid/iiid.sock"
local daemon = unix.stream()
assert(daemon:connect(path), path .. ": no daemon")
daemon:send '{"id":1,"method":"register_function","params":{"function_id":"lua::words"}}\n'

for line in function() return daemon:receive "*l" end do
  local message = json.decode(line)
  if message.error then io.stderr:write(message.error.message, "\n") end
  if message.method == "invoke" then
    local payload, reply = message.params.payload, { id = message.id }
    if type(payload) == "table" and type(payload.text) == "string" then
      reply.result = { words = select(2, payload.text:gsub("%S+", "")) }
    else
      reply.error = { code = "NO_TEXT", message = "payload.text must be a string" }
    end
    daemon:send(json.encode(reply) .. "\n")
  end
end
