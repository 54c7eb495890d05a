package org.qrm.netboot.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Writes short answers. */
final class Answers {

    private static final String TEXT = "text/plain;charset=utf-8";

    private Answers() {}

    /**
     * Tells a boot loader that it does not get what it asked for. GRUB takes the body of any answer for the file, whatever
     * the status: an initrd that it would boot a kernel with, or a configuration that it would run. So it gets none, and a
     * configuration that shows the sentence.
     */
    static void refuse(HttpServletRequest request, HttpServletResponse response, int status, String sentence)
            throws IOException {
        String agent = request.getHeader("User-Agent");
        String body = sentence + "\n";
        if (request.getRequestURI().startsWith("/boot/grub.cfg/")) {
            body = "echo 'QRM: " + sentence.replace("'", "") + "'\n";
        } else if (agent != null && agent.startsWith("GRUB")) {
            body = "";
        }
        send(response, status, body.getBytes(StandardCharsets.UTF_8), status == 429);
    }

    /** Sends a small text, never to be cached. */
    static void send(HttpServletResponse response, int status, byte[] body, boolean close) throws IOException {
        response.setStatus(status);
        response.setContentType(TEXT);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (status == 401) {
            response.setHeader("WWW-Authenticate", "Bearer");
        } else if (status == 409 || status == 429 || status == 503) {
            response.setHeader("Retry-After", "5");
        }
        if (close) {
            response.setHeader("Connection", "close");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
