package org.qrm.rest.internal.http;

import java.io.IOException;
import javax.servlet.http.HttpServletResponse;
import org.qrm.commands.Json;

/** Sends JSON, whole: what cannot be written as JSON is found out before the first byte leaves. */
public final class Sending {

    private Sending() {}

    /** @param head send what a GET would be answered with, but for the body */
    public static void json(HttpServletResponse response, int status, String mediaType, Object value, boolean head)
            throws IOException {
        json(response, status, mediaType, Json.bytes(value), head);
    }

    /** The same, of what has been written as JSON. */
    public static void json(HttpServletResponse response, int status, String mediaType, byte[] bytes, boolean head)
            throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(bytes.length);
        if (!head) {
            try {
                response.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new ClientGone(e);
            }
        }
    }
}
