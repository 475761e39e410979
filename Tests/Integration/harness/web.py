"""An HTTP server on loopback whose every answer is the test's to decide, and a plain HTTP client over one socket."""
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WebServer:
    """`answers` holds, by path, what is answered: (status, headers, body), or a function that gets the handler and the request.

    `requests` holds what came: a dictionary of method, path, headers (lower-case names) and body."""

    def __init__(self):
        self.answers = {}
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = {"method": self.command, "path": self.path, "body": body,
                           "headers": {name.lower(): value for name, value in self.headers.items()}}
                outer.requests.append(request)
                answer = outer.answers[self.path]
                if callable(answer):
                    return answer(self, request)
                status, headers, content = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that has gone is what some tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class RawWebClient:
    """One TCP connection to an HTTP server: bytes as they are."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def read(self, seconds=10):
        """Everything up to the end of the connection."""
        self.socket.settimeout(seconds)
        found = bytearray()
        while chunk := self.socket.recv(1 << 20):
            found += chunk
        return bytes(found)

    def read_until(self, mark, seconds=10):
        self.socket.settimeout(seconds)
        found = b""
        while mark not in found:
            chunk = self.socket.recv(65536)
            assert chunk, f"the connection ended after {found!r}"
            found += chunk
        return found

    def close(self):
        self.socket.close()
