#!/usr/bin/env ruby
# Serves ruby::words, which counts the words of {"text":"…"}. When the daemon ends, it waits for the next one and registers
# again.
require "json"
require "socket"

loop do
  UNIXSocket.open(ENV.fetch("IIID_SOCKET", "/run/iiid/iiid.sock")) do |daemon|
    daemon.puts '{"id":1,"method":"register_function","params":{"function_id":"ruby::words"}}'
    while (line = daemon.gets)
      case JSON.parse(line, max_nesting: false, symbolize_names: true)
      in { method: "invoke", id:, params: { payload: { text: String => text } } }
        daemon.puts JSON.generate(id: id, result: { words: text.split.size })
      in { method: "invoke", id: }
        daemon.puts JSON.generate(id: id, error: { code: "NO_TEXT", message: "payload.text must be a string" })
      in { error: { message: } } then warn message
      else next
      end
    end
  end
rescue SystemCallError => problem
  warn problem.message
ensure
  sleep 1
end
