"""A stand-in for the server, for the smoke test only: speaks docs/node-protocol.md to a Xen host and its partitions.
Usage: server.py DIRECTORY ADDRESS. The directory holds ca.pem, server.pem (key and certificate), authorized-key, xen.tar.gz, dev.tar.gz
(boot services), boot/ (what /boot/images serves), and instruction-<mac> (key=value lines; do=idle without it). log receives one line
for each request."""

import hashlib
import http.server
import os
import re
import secrets
import ssl
import sys
import threading
import time
import urllib.parse

directory, address = sys.argv[1:3]
tokens = {}
answered = {}
used_boot_tokens = set()


def read(name):
    with open(os.path.join(directory, name), "rb") as file:
        return file.read()


def log(text):
    with open(os.path.join(directory, "log"), "a", encoding="utf-8") as file:
        file.write("%.2f %s\n" % (time.time(), text))


def instruction(mac):
    try:
        return read("instruction-" + mac)
    except FileNotFoundError:
        return b"do=idle\n"


def configuration(mac):
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(read("ca.pem").decode())).hexdigest()
    try:
        return read("configuration-" + mac)
    except FileNotFoundError:
        arguments = ["console=tty0", "qrm.server=https://%s:8443" % address, "qrm.http=http://%s:8080" % address, "qrm.ca=" + digest,
                     "qrm.mac=" + mac, "qrm.token=" + secrets.token_urlsafe(24), "qrm.image=idle"]
        lines = ["image=idle", "loader=linux", "kernel=/boot/images/idle/vmlinuz", "initrd=/boot/images/idle/initrd.img"]
        return "".join(line + "\n" for line in lines + ["argument=" + it for it in arguments]).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, kind="text/plain; charset=utf-8", etag=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if etag:
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def do_GET(self):
        image = re.fullmatch(r"/boot/images/idle/([a-z]+[.a-z]*)", self.path)
        partition = re.fullmatch(r"/boot/configuration/([0-9a-f:]{17})", self.path)
        service = re.fullmatch(r"/node/v1/boot-services/([a-z]+)", self.path)
        if self.path == "/boot/ca.pem":
            self.answer(200, read("ca.pem"))
        elif image:
            self.send_file(os.path.join("boot", image.group(1)))
        elif partition:
            log("configuration " + partition.group(1))
            self.answer(200, configuration(partition.group(1)))
        elif service and self.headers.get("Authorization", "")[7:] in tokens.values():
            self.answer(200, read(service.group(1) + ".tar.gz"), "application/gzip")
        else:
            self.answer(404, b"error=no such thing\n")

    def send_file(self, name):
        body = read(name)
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        known = self.headers.get("If-None-Match") == etag
        log("file %s %s" % (name, "is known" if known else "sent"))
        self.answer(304 if known else 200, body, "application/octet-stream", etag)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        url = urllib.parse.urlparse(self.path)
        if url.path == "/node/v1/register":
            self.register(body)
        elif url.path == "/node/v1/report":
            self.report(body, url)
        else:
            self.answer(404, b"error=no such thing\n")

    def register(self, body):
        fields = dict(line.split("=", 1) for line in reversed(body.strip().split("\n")))
        log("register " + body.strip().replace("\n", " | "))
        if fields["token"] in used_boot_tokens:
            log("ALARM token used twice by " + fields["mac"])
            self.answer(401, b"error=used token\n")
            return
        used_boot_tokens.add(fields["token"])
        mac = fields["mac"]
        tokens[mac] = secrets.token_hex(12)
        answered[mac] = instruction(mac)
        head = "resource=%s\nnode-token=%s\nauthorized-key=%s\ninterval=10\n" % (
            mac.replace(":", ""), tokens[mac], read("authorized-key").decode().strip())
        self.answer(200, head.encode() + instruction(mac))

    def report(self, body, url):
        bearer = self.headers.get("Authorization", "")[7:]
        mac = next((mac for mac, token in tokens.items() if token == bearer), None)
        if mac is None:
            self.answer(401, b"error=unknown token\n")
            return
        log("report %s | %s" % (mac, body.strip().replace("\n", " | ")))
        deadline = time.time() + min(int(urllib.parse.parse_qs(url.query).get("hold", ["0"])[0]), 30)
        while time.time() < deadline and instruction(mac) == answered.get(mac):
            time.sleep(0.1)
        answered[mac] = instruction(mac)
        self.answer(200, answered[mac])


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
