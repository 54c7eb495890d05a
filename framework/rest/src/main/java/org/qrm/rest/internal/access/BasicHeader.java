package org.qrm.rest.internal.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Name and password as HTTP Basic (RFC 7617) has them. */
record BasicHeader(String user, String password) {

    private static final int LONGEST = 2048;

    /** @throws org.qrm.api.QrmException UNAUTHENTICATED for what is no such header */
    static BasicHeader read(String header) {
        if (header.length() > LONGEST || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            throw Refusal.unauthenticated("the Authorization header is not HTTP Basic", "Use HTTP Basic.");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(6).trim());
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            int colon = text.indexOf(':');
            if (colon > 0) {
                return new BasicHeader(text.substring(0, colon), text.substring(colon + 1));
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // answered below: both mean that it is not base64 of UTF-8
        }
        throw Refusal.unauthenticated(
                "the Authorization header is malformed", "Send base64 of user name, colon and password in UTF-8.");
    }
}
