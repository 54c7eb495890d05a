package org.qrm.netboot.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.qrm.api.QrmException;

/**
 * What a machine sent: lines of {@code key=value} in the closed grammar of docs/node-protocol.md. Lines and keys are
 * checked while it is read. A value that is too long, or holds what is no UTF-8 or a control character, is refused when
 * somebody asks for it, so that a form may do without it.
 */
final class NodeMessage {

    static final int MAX_BYTES = 16 * 1024;
    static final int MAX_LINES = 256;
    static final int MAX_KEY = 40;
    static final int MAX_VALUE = 1024;
    private static final String CONTROL = "its value holds a control character";

    private final List<String> keys = new ArrayList<>(24);
    private final List<Line> values = new ArrayList<>(24);

    private NodeMessage() {}

    /**
     * One value.
     *
     * @param text the value, or why it cannot be read
     */
    record Line(int number, String text, boolean readable) {

        /** @throws QrmException INVALID, naming the line; the value is never repeated, as it may be a secret */
        String value() {
            if (!readable) {
                throw malformed("line " + number, text);
            }
            return text;
        }
    }

    /**
     * Reads the first {@code length} bytes.
     *
     * @throws QrmException INVALID, naming the line
     */
    static NodeMessage parse(byte[] bytes, int length) {
        if (length > MAX_BYTES) {
            throw malformed("", "it has more than " + MAX_BYTES + " bytes");
        }
        NodeMessage message = new NodeMessage();
        int start = 0;
        while (start < length) {
            int line = message.keys.size() + 1;
            if (line > MAX_LINES) {
                throw malformed("", "it has more than " + MAX_LINES + " lines");
            }
            int end = indexOf((byte) '\n', bytes, start, length);
            if (end < 0) {
                throw malformed("line " + line, "it does not end with a line feed");
            }
            message.addLine(bytes, start, end, line);
            start = end + 1;
        }
        return message;
    }

    private void addLine(byte[] bytes, int start, int end, int line) {
        int equals = indexOf((byte) '=', bytes, start, Math.min(end, start + MAX_KEY + 1));
        if (equals < 0 || !isKey(bytes, start, equals)) {
            throw malformed("line " + line, "it does not start with a key and '='");
        }
        keys.add(new String(bytes, start, equals - start, StandardCharsets.ISO_8859_1));
        values.add(value(bytes, equals + 1, end, line));
    }

    private static Line value(byte[] bytes, int start, int end, int line) {
        if (end - start > MAX_VALUE) {
            return new Line(line, "its value has more than " + MAX_VALUE + " bytes", false);
        }
        boolean ascii = true;
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b < 0) {
                ascii = false;
            } else if (b < 0x20 || b == 0x7f) {
                return new Line(line, CONTROL, false);
            }
        }
        return ascii
                ? new Line(line, new String(bytes, start, end - start, StandardCharsets.ISO_8859_1), true)
                : unicode(bytes, start, end, line);
    }

    private static Line unicode(byte[] bytes, int start, int end, int line) {
        String value;
        try {
            value = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            return new Line(line, "its value is not UTF-8", false);
        }
        return value.codePoints().anyMatch(NodeMessage::isControl)
                ? new Line(line, CONTROL, false)
                : new Line(line, value, true);
    }

    /** Whether a character must not stand in a value: a terminal or a browser would obey it, or turn the line around. */
    static boolean isControl(int codePoint) {
        return Character.isISOControl(codePoint)
                || codePoint == 0x2028
                || codePoint == 0x2029
                || Character.getType(codePoint) == Character.FORMAT;
    }

    private static boolean isKey(byte[] bytes, int start, int end) {
        if (start == end || bytes[start] < 'a' || bytes[start] > 'z') {
            return false;
        }
        for (int i = start + 1; i < end; i++) {
            byte b = bytes[i];
            if (!(b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '.' || b == '-')) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte wanted, byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Refuses keys that nobody knows, and those given twice that may be given once.
     *
     * @throws QrmException INVALID
     */
    NodeMessage allowing(Set<String> once, Set<String> repeated) {
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            if (repeated.contains(key)) {
                continue;
            }
            if (!once.contains(key)) {
                throw malformed(key, "there is no such key");
            }
            if (keys.indexOf(key) < i) {
                throw malformed(key, "it is given twice");
            }
        }
        return this;
    }

    /** @throws QrmException INVALID when it is missing or empty */
    String required(String key) {
        String value = optional(key);
        if (value.isEmpty()) {
            throw malformed(key, "it is missing");
        }
        return value;
    }

    /**
     * The value, or an empty string.
     *
     * @throws QrmException INVALID when it cannot be read
     */
    String optional(String key) {
        int index = keys.indexOf(key);
        return index < 0 ? "" : values.get(index).value();
    }

    /** Every line of a repeated key, in order. */
    List<Line> lines(String key) {
        List<Line> found = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).equals(key)) {
                found.add(values.get(i));
            }
        }
        return found;
    }

    /** @throws QrmException INVALID when it is missing or not a decimal number in these bounds */
    long number(String key, long least, long most) {
        return numberOf(key, required(key), least, most);
    }

    /** Reads a decimal number of a part of a value. */
    static long numberOf(String key, String digits, long least, long most) {
        boolean wellFormed = !digits.isEmpty() && digits.length() <= 18;
        long number = 0;
        for (int i = 0; wellFormed && i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            wellFormed = digit >= 0 && digit <= 9;
            number = 10 * number + digit;
        }
        if (!wellFormed || number < least || number > most) {
            throw malformed(key, "it is no whole number from " + least + " to " + most);
        }
        return number;
    }

    static QrmException malformed(String where, String reason) {
        return QrmException.invalid("read request", where, reason, "Send what docs/node-protocol.md says.");
    }
}
