#!/usr/bin/env php
<?php
// Serves php::words, which counts the words of {"text":"…"}. Ends when the daemon does.
// PHP gives up reading after a minute of silence, unless told to wait for ever; a worker may be called tomorrow.
ini_set('default_socket_timeout', '-1');
$path = getenv('IIID_SOCKET') ?: '/run/iiid/iiid.sock';
$daemon = @stream_socket_client("unix://$path", $number, $problem) or exit(fprintf(STDERR, "$path: $problem\n"));
fwrite($daemon, '{"id":1,"method":"register_function","params":{"function_id":"php::words"}}' . "\n");

while ($line = fgets($daemon)) {
    $message = json_decode($line);
    if (isset($message->error)) {
        fwrite(STDERR, $message->error->message . "\n");
    } elseif (isset($message->method) && $message->method === 'invoke') {
        $text = $message->params->payload->text ?? null;
        $answer = is_string($text)
            ? ['result' => ['words' => count(preg_split('/\s+/', $text, flags: PREG_SPLIT_NO_EMPTY))]]
            : ['error' => ['code' => 'NO_TEXT', 'message' => 'payload.text must be a string']];
        fwrite($daemon, json_encode(['id' => $message->id] + $answer) . "\n");
    }
}
