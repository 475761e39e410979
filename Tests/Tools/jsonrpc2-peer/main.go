// A client that knows nothing of iiid: the JSON-RPC library that language servers in Go use (Debian's
// golang-github-sourcegraph-jsonrpc2-dev), over a Unix socket, without framing of its own.
//
//	jsonrpc2-peer SOCKET call METHOD PARAMS        prints the result, or the error as JSON on standard error
//	jsonrpc2-peer SOCKET serve FUNCTION_ID CALLED  serves a function that passes its payload on to the function CALLED
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"

	"github.com/sourcegraph/jsonrpc2"
)

// What `invoke` has in its params.
type invocation struct {
	FunctionID string          `json:"function_id"`
	Payload    json.RawMessage `json:"payload"`
}

// Answers an invoke with the result of a call of its own, on the same connection.
func passOn(called string) jsonrpc2.Handler {
	return jsonrpc2.AsyncHandler(jsonrpc2.HandlerWithError(func(ctx context.Context, conn *jsonrpc2.Conn, request *jsonrpc2.Request) (interface{}, error) {
		if request.Method != "invoke" {
			return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: request.Method}
		}
		var asked invocation
		if err := json.Unmarshal(*request.Params, &asked); err != nil {
			return nil, err
		}
		var result json.RawMessage
		params := map[string]interface{}{"function_id": called, "payload": asked.Payload}
		if err := conn.Call(ctx, "trigger", params, &result); err != nil {
			return nil, fmt.Errorf("%s: %w", called, err)
		}
		return result, nil
	}))
}

func main() {
	connection, err := net.Dial("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	stream := jsonrpc2.NewBufferedStream(connection, jsonrpc2.PlainObjectCodec{})
	conn := jsonrpc2.NewConn(ctx, stream, passOn(os.Args[4]))

	method, params := os.Args[3], json.RawMessage(os.Args[4])
	if os.Args[2] == "serve" {
		method, params = "register_function", json.RawMessage(fmt.Sprintf(`{"function_id":%q}`, os.Args[3]))
	}
	var result json.RawMessage
	if err := conn.Call(ctx, method, params, &result); err != nil {
		if answer, ok := err.(*jsonrpc2.Error); ok {
			json.NewEncoder(os.Stderr).Encode(answer)
			os.Exit(1)
		}
		log.Fatal(err)
	}
	fmt.Println(string(result))
	if os.Args[2] == "serve" {
		<-conn.DisconnectNotify()
	}
}
