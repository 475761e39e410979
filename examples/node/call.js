#!/usr/bin/env node
// Calls a function and prints its result: call.js FUNCTION_ID [PAYLOAD_JSON].
const net = require('node:net')
const readline = require('node:readline')

const path = process.env.IIID_SOCKET ?? '/run/iiid/iiid.sock'
const [function_id, payload = 'null'] = process.argv.slice(2)
const request = { id: 1, method: 'trigger', params: { function_id, payload: JSON.parse(payload) } }
const fail = (message) => (console.error(message), process.exit(1))

const daemon = net.connect(path, () => daemon.write(JSON.stringify(request) + '\n'))
daemon.on('error', (problem) => fail(problem.message))
readline.createInterface(daemon).on('close', () => fail(`${path}: closed without an answer`)).on('line', (line) => {
  const { error, result } = JSON.parse(line)
  if (error) fail(error.message)
  process.stdout.write(JSON.stringify(result) + '\n', () => process.exit())
})
