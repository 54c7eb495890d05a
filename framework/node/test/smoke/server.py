"""A stand-in for the server, for the smoke test only: speaks docs/node-protocol.md to one machine, and obeys what is written to a
control file. Usage: server.py DIRECTORY ADDRESS. The directory holds ca.pem, server.pem (key and certificate), authorized-key and
instruction (key=value lines, read at every report); log receives one line for each request."""

import http.server
import os
import ssl
import sys
import threading
import time
import urllib.parse

directory, address = sys.argv[1:3]
seen = {}
changed = threading.Condition()


def read(name):
    with open(os.path.join(directory, name), "rb") as file:
        return file.read()


def log(text):
    with open(os.path.join(directory, "log"), "a", encoding="utf-8") as file:
        file.write("%.2f %s\n" % (time.time(), text))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, kind="text/plain; charset=utf-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path
        if path == "/boot/ca.pem":
            self.answer(200, read("ca.pem"))
        elif path.startswith("/node/v1/boot-services/") and self.authorized():
            log("boot-service %s" % path)
            self.answer(200, read("service.tar.gz"), "application/gzip")
        else:
            self.answer(404, b"error=no such thing\n")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        url = urllib.parse.urlparse(self.path)
        if url.path == "/node/v1/register":
            self.register(body)
        elif url.path == "/node/v1/report":
            self.report(body, url)
        elif url.path == "/node/v1/inventory" and self.authorized():
            log("inventory " + body.strip().replace("\n", " | "))
            self.answer(200, b"do=continue\n")
        else:
            self.answer(404, b"error=no such thing\n")

    def register(self, body):
        log("register " + body.strip().replace("\n", " | "))
        token = os.urandom(12).hex()
        seen["token"] = token
        seen["reported"] = None
        self.answer(200, b"resource=r1\nnode-token=%s\nauthorized-key=%s\ninterval=10\n" % (token.encode(), read("authorized-key").strip())
                    + self.instruction())

    def authorized(self):
        return self.headers.get("Authorization") == "Bearer " + seen.get("token", "none")

    def report(self, body, url):
        log("report " + body.strip().replace("\n", " | "))
        if not self.authorized():
            self.answer(401, b"error=unknown token\n")
            return
        hold = int(urllib.parse.parse_qs(url.query).get("hold", ["0"])[0])
        deadline = time.time() + min(hold, 30)
        before = self.instruction()
        while time.time() < deadline and self.instruction() == seen.get("answered", before):
            time.sleep(0.1)
        now = self.instruction()
        seen["answered"] = now
        self.answer(200, now)

    def instruction(self):
        return read("instruction")


def serve(port, secure):
    server = http.server.ThreadingHTTPServer((address, port), Handler)
    server.daemon_threads = True
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(directory, "server.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()


serve(8080, False)
serve(8443, True)
