package org.qrm.rest.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.servlet.http.HttpServletRequest;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.commands.Content;

/** Reads JSON bodies: so much, so long, and of that type only. */
final class Body {

    static final int LIMIT = 1024 * 1024;
    private static final int PATIENCE_SECONDS = 30;

    private Body() {}

    static byte[] read(HttpServletRequest request) throws IOException {
        String type = request.getContentType();
        if (type == null || !mediaType(type).equals(Content.JSON)) {
            throw new UnsupportedType(Name.printable(type));
        }
        byte[] arrived = StrangersBody.of(request);
        if (arrived != null) {
            return arrived;
        }
        if (request.getContentLengthLong() > LIMIT) {
            throw tooLarge(LIMIT);
        }
        return read(request.getInputStream(), System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
    }

    private static byte[] read(InputStream in, long until) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = next(in, buffer); n >= 0; n = next(in, buffer)) {
            body.write(buffer, 0, n);
            if (body.size() > LIMIT) {
                throw tooLarge(LIMIT);
            }
            if (System.nanoTime() - until > 0) {
                throw late(PATIENCE_SECONDS);
            }
        }
        return body.toByteArray();
    }

    private static int next(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException | RuntimeException e) {
            // a runtime exception is the container's word for chunks that are none
            throw brokenOff();
        }
    }

    private static String mediaType(String header) {
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    static QrmException tooLarge(int limit) {
        return problem(Problem.Kind.TOO_LARGE, "the body is larger than " + limit / 1024 + " KiB", "Send less.");
    }

    static QrmException late(long seconds) {
        return problem(Problem.Kind.TIMEOUT, "it took longer than " + seconds + " s to arrive", "Send it faster.");
    }

    static QrmException brokenOff() {
        return problem(
                Problem.Kind.INVALID,
                "the body broke off, stalled, or its transfer encoding is malformed",
                "Send it again, as well-formed HTTP.");
    }

    private static QrmException problem(Problem.Kind kind, String reason, String remedy) {
        return new QrmException(new Problem(kind, "read the request", "", reason, remedy));
    }

    /** The body is not JSON by its own account. Without this check a foreign page could post with a browser's login. */
    static final class UnsupportedType extends QrmException {
        private static final long serialVersionUID = 1L;

        UnsupportedType(String type) {
            super(new Problem(
                    Problem.Kind.INVALID,
                    "read the request",
                    type,
                    "the body is not application/json",
                    "Send JSON with the header Content-Type: application/json."));
        }
    }
}
