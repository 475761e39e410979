#!/usr/bin/env php
<?php
// Calls a function and prints its result: call.php FUNCTION_ID [PAYLOAD_JSON].
function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(1);
}

$path = getenv('IIID_SOCKET') ?: '/run/iiid/iiid.sock';
$params = ['function_id' => $argv[1], 'payload' => json_decode($argv[2] ?? 'null', flags: JSON_THROW_ON_ERROR)];

$daemon = @stream_socket_client("unix://$path", $number, $problem) or fail("$path: $problem");
stream_set_timeout($daemon, 35);
fwrite($daemon, json_encode(['id' => 1, 'method' => 'trigger', 'params' => $params], JSON_PRESERVE_ZERO_FRACTION) . "\n");

$answer = json_decode(fgets($daemon) ?: fail("$path: closed without an answer"));
isset($answer->error) and fail($answer->error->message);
echo json_encode($answer->result, JSON_PRESERVE_ZERO_FRACTION), "\n";
