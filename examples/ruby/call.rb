#!/usr/bin/env ruby
# Calls a function and prints its result: call.rb FUNCTION_ID [PAYLOAD_JSON].
require "json"
require "socket"

path = ENV.fetch("IIID_SOCKET", "/run/iiid/iiid.sock")
params = { function_id: ARGV[0], payload: JSON.parse(ARGV[1] || "null", max_nesting: false) }
begin
  line = UNIXSocket.open(path) do |daemon|
    daemon.puts JSON.generate({ id: 1, method: "trigger", params: params }, max_nesting: 0)
    daemon.gets or abort "#{path}: closed without an answer"
  end
rescue SystemCallError => problem
  abort problem.message
end
answer = JSON.parse(line, max_nesting: false)
abort answer["error"]["message"] if answer["error"]
puts JSON.generate(answer["result"], max_nesting: 0)
