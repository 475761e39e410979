// Calls a function and prints its result: call FUNCTION_ID [PAYLOAD_JSON]. Payload and result pass as they are.
//
//	IIID_SOCKET=/run/iiid/iiid.sock go run call/main.go go::words '{"text":"one two"}'
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	params := map[string]any{"function_id": os.Args[1], "payload": json.RawMessage(append(os.Args, "null")[2])}
	daemon, err := net.Dial("unix", os.Getenv("IIID_SOCKET"))
	must(err)
	must(json.NewEncoder(daemon).Encode(map[string]any{"id": 1, "method": "trigger", "params": params}))

	var answer struct {
		Result json.RawMessage
		Error  struct{ Message string }
	}
	must(json.NewDecoder(daemon).Decode(&answer))
	if answer.Error.Message != "" {
		log.Fatal(answer.Error.Message)
	}
	fmt.Println(string(answer.Result))
}
