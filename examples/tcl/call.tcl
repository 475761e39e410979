#!/usr/bin/env tclsh
# Calls a function and prints its result: call.tcl FUNCTION_ID [PAYLOAD_JSON]. Tcl has no Unix sockets of its own: socat is one.
# The payload goes out as it was given.
package require tdom

lassign $argv function payload
if {$payload eq ""} {set payload null}
set path [expr {[info exists env(IIID_SOCKET)] ? $env(IIID_SOCKET) : "/run/iiid/iiid.sock"}]
proc fail {message} {puts stderr $message; exit 1}

set daemon [open |[list socat - UNIX-CONNECT:$path 2>@stderr] r+]
set request [format {{"id":1,"method":"trigger","params":{"function_id":"%s","payload":%s}}} $function $payload]
if {[catch {puts $daemon $request; flush $daemon; gets $daemon} line] || $line eq ""} {fail "$path: no answer"}

set answer [dom parse -json $line]
if {[$answer selectNodes count(/error)]} {fail [$answer selectNodes string(/error/message)]}
puts [[$answer selectNodes /result] asJSON]
