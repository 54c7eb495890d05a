package org.qrm.netboot.internal;

import java.io.IOException;
import javax.servlet.http.HttpServletResponse;

/** Writes short answers. */
final class Answers {

    private static final String TEXT = "text/plain;charset=utf-8";

    private Answers() {}

    /** Sends a small text, never to be cached. */
    static void send(HttpServletResponse response, int status, byte[] body, boolean close) throws IOException {
        response.setStatus(status);
        response.setContentType(TEXT);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (status == 401) {
            response.setHeader("WWW-Authenticate", "Bearer");
        } else if (status == 429 || status == 503) {
            response.setHeader("Retry-After", "5");
        }
        if (close) {
            response.setHeader("Connection", "close");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
