#!/usr/bin/env node
// Serves node::words, which counts the words of {"text":"…"}. When the daemon ends, it waits for the next one and registers
// again.
const net = require('node:net')
const readline = require('node:readline')

function answer(payload) {
  if (typeof payload?.text === 'string') return { result: { words: payload.text.match(/\S+/g)?.length ?? 0 } }
  return { error: { code: 'NO_TEXT', message: 'payload.text must be a string' } }
}

function serve() {
  const daemon = net.connect(process.env.IIID_SOCKET ?? '/run/iiid/iiid.sock')
  daemon.write('{"id":1,"method":"register_function","params":{"function_id":"node::words"}}\n')
  daemon.on('error', (problem) => console.error(problem.message)).on('close', () => setTimeout(serve, 1000))
  // The interface has the socket's errors as events of its own, and they are told above.
  readline.createInterface(daemon).on('error', () => {}).on('line', (line) => {
    const { id, method, params, error } = JSON.parse(line)
    if (method === 'invoke') daemon.write(JSON.stringify({ id, ...answer(params.payload) }) + '\n')
    if (error) console.error(error.message)
  })
}
serve()
