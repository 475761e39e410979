#!/usr/bin/env tclsh
# Serves tcl::words, which counts the words of {"text":"…"}. Tcl has no Unix sockets of its own, so that socat starts this one:
#
#   socat -t 35 UNIX-CONNECT:"$IIID_SOCKET" EXEC:./worker.tcl
#
# Ends when the daemon does.
package require tdom
chan configure stdin -encoding utf-8
chan configure stdout -encoding utf-8 -buffering line
puts {{"id":1,"method":"register_function","params":{"function_id":"tcl::words"}}}

while {[gets stdin line] >= 0} {
  set message [dom parse -json $line]
  set text [$message selectNodes /params/payload/text/text()]
  if {[$message selectNodes count(/error)]} {puts stderr [$message selectNodes string(/error/message)]}
  if {[$message selectNodes string(/method)] eq "invoke"} {
    set id [[$message selectNodes /id] asJSON]
    if {[llength $text] == 1 && [$text jsonType] eq "STRING" && [[$text parentNode] jsonType] eq "NONE"} {
      puts [format {{"id":%s,"result":{"words":%d}}} $id [regexp -all {\S+} [$text nodeValue]]]
    } else {
      puts [format {{"id":%s,"error":{"code":"NO_TEXT","message":"payload.text must be a string"}}} $id]
    }
  }
  $message delete
}
