package org.qrm.commands;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.qrm.api.Name;
import org.qrm.api.QrmException;

/** Percent-decoding (RFC 3986) that takes no liberties. */
final class Percent {

    private Percent() {}

    /**
     * Decodes a path segment, or a name or value of the query.
     *
     * @param plusIsSpace as in forms (queries)
     * @throws QrmException INVALID for a broken escape, bytes that are no UTF-8, or control characters
     */
    static String decode(String raw, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(octet(raw, i));
                i += 2;
            } else if (c > 127) {
                throw malformed(raw);
            } else {
                bytes.write(plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
            String text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
            if (text.indexOf('\n') >= 0 || !text.codePoints().allMatch(Name::isShown)) {
                throw malformed(raw);
            }
            return text;
        } catch (CharacterCodingException e) {
            throw malformed(raw);
        }
    }

    private static int octet(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw malformed(raw);
        }
        return high * 16 + low;
    }

    private static QrmException malformed(String raw) {
        return QrmException.invalid(
                "read the address",
                Name.printable(raw),
                "it has a broken escape, is not UTF-8 or holds control characters",
                "Percent-encode UTF-8 and leave control characters out.");
    }
}
