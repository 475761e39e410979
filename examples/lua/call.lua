#!/usr/bin/env lua5.4
-- Calls a function and prints its result: call.lua FUNCTION_ID [PAYLOAD_JSON].
local json = require "dkjson"
require "socket" -- so that a daemon that hangs up does not kill us by SIGPIPE
local unix = require "socket.unix"

local path = os.getenv "IIID_SOCKET" or "/run/iiid/iiid.sock"
local function fail(...) io.stderr:write(string.format(...), "\n") os.exit(1) end
local payload, _, problem = json.decode(arg[2] or "null", 1, json.null)
if problem then fail("the payload: %s", problem) end

local daemon = unix.stream()
local ok, why = daemon:connect(path)
if not ok then fail("%s: %s", path, why) end
daemon:send(json.encode { id = 1, method = "trigger", params = { function_id = arg[1], payload = payload } } .. "\n")

local answer = json.decode(daemon:receive "*l" or fail("%s: closed without an answer", path), 1, json.null)
if answer.error then fail("%s", answer.error.message) end
print(json.encode(answer.result))
