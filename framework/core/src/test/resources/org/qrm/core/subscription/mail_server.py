"""A mail server for tests: each mail it takes is a line of JSON. Arguments: how it encrypts, certificate, key."""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

how, certificate, key = sys.argv[1:]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("ascii")
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "text": text,
                          "tls": session.ssl is not None, "login": str(session.auth_data or "")}), flush=True)
        return "250 queued"


def authenticator(server, session, envelope, mechanism, data):
    good = data.login == b"qrm" and data.password == b"s3cr\xc3\xa9t"
    return AuthResult(success=good, handled=False, auth_data="qrm" if good else None)


async def main():
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    starttls = how == "starttls"

    def protocol():
        return SMTP(Handler(), tls_context=tls if starttls else None, require_starttls=starttls,
                    auth_required=starttls, auth_require_tls=starttls, authenticator=authenticator, hostname="mail.test")

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls if how == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
