// Serves go::words, which counts the words of {"text":"…"}. Ends when the daemon does.
//
//	IIID_SOCKET=/run/iiid/iiid.sock go run worker/main.go
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
)

func main() {
	daemon, err := net.Dial("unix", os.Getenv("IIID_SOCKET"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintln(daemon, `{"id":1,"method":"register_function","params":{"function_id":"go::words"}}`)
	lines := json.NewDecoder(daemon)
	for message := map[string]json.RawMessage{}; lines.Decode(&message) == nil; message = nil {
		var params struct{ Payload struct{ Text *string } }
		err := json.Unmarshal(message["params"], &params)
		if string(message["method"]) != `"invoke"` {
			log.Printf("%s", message) // how the registration went
		} else if text := params.Payload.Text; err != nil || text == nil {
			fmt.Fprintf(daemon, "{\"id\":%s,\"error\":{\"code\":\"NO_TEXT\",\"message\":\"payload.text must be a string\"}}\n", message["id"])
		} else {
			fmt.Fprintf(daemon, "{\"id\":%s,\"result\":{\"words\":%d}}\n", message["id"], len(strings.Fields(*text)))
		}
	}
}
