package org.qrm.core.resource;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Takes boot tokens out of what is written to a console: a kernel prints its command line. */
public final class HiddenTokens {

    private static final String NAME = "qrm.token=";
    private static final Pattern TOKEN = Pattern.compile(Pattern.quote(NAME) + "[A-Za-z0-9_-]+");
    private static final String INSTEAD = "…";

    private HiddenTokens() {}

    public static String in(String text) {
        return TOKEN.matcher(text).replaceAll(NAME + INSTEAD);
    }

    /** The same of a stream, which is not held up for it: everything but a token's own characters is passed on at once. */
    public static InputStream in(InputStream stream) {
        return new Hiding(stream);
    }

    private static final class Hiding extends FilterInputStream {

        private static final byte[] DOTS = INSTEAD.getBytes(StandardCharsets.UTF_8);

        /** How many characters of the name have just passed; all of them while a token does. */
        private int passed;

        private boolean dotted;
        private byte[] left = {};

        Hiding(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (left.length == 0) {
                byte[] read = new byte[length];
                int count = in.read(read, 0, length);
                if (count < 0) {
                    return -1;
                }
                left = shown(read, count);
            }
            int count = Math.min(length, left.length);
            System.arraycopy(left, 0, bytes, offset, count);
            left = Arrays.copyOfRange(left, count, left.length);
            return count;
        }

        private byte[] shown(byte[] read, int count) {
            byte[] shown = new byte[count * (1 + DOTS.length)];
            int length = 0;
            for (int i = 0; i < count; i++) {
                if (!isOfToken(read[i])) {
                    shown[length++] = read[i];
                } else if (!dotted) {
                    dotted = true;
                    System.arraycopy(DOTS, 0, shown, length, DOTS.length);
                    length += DOTS.length;
                }
            }
            return Arrays.copyOf(shown, length);
        }

        private boolean isOfToken(byte each) {
            if (passed == NAME.length() && isTokenCharacter(each)) {
                return true;
            }
            if (passed == NAME.length()) {
                passed = 0;
            }
            // the name begins with its only q, so nothing but a q can begin it anew
            passed = each == NAME.charAt(passed) ? passed + 1 : each == NAME.charAt(0) ? 1 : 0;
            dotted = false;
            return false;
        }

        private static boolean isTokenCharacter(byte each) {
            return each >= 'A' && each <= 'Z'
                    || each >= 'a' && each <= 'z'
                    || each >= '0' && each <= '9'
                    || each == '-'
                    || each == '_';
        }
    }
}
