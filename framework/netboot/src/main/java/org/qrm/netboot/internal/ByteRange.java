package org.qrm.netboot.internal;

import java.util.Optional;

/**
 * A stretch of a file (RFC 9110, 14.1).
 *
 * @param first offset of the first byte
 * @param length how many bytes, at least one
 */
record ByteRange(long first, long length) {

    /**
     * Reads a {@code Range} header. What is malformed, of another unit, or asks for several stretches is ignored, as the
     * RFC allows: then the whole file is answered.
     *
     * @param size size of the file
     * @return empty to answer the whole file; {@link #unsatisfiable} to refuse
     */
    static Optional<ByteRange> of(String header, long size) {
        if (header == null || !header.startsWith("bytes=") || header.indexOf(',') >= 0) {
            return Optional.empty();
        }
        int dash = header.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        long first = number(header.substring("bytes=".length(), dash).trim());
        long last = number(header.substring(dash + 1).trim());
        if (first == MALFORMED || last == MALFORMED || first == ABSENT && last == ABSENT) {
            return Optional.empty();
        }
        return first == ABSENT ? suffix(last, size) : between(first, last, size);
    }

    private static final long ABSENT = -1;
    private static final long MALFORMED = -2;

    private static Optional<ByteRange> suffix(long length, long size) {
        long taken = Math.min(length, size);
        return Optional.of(new ByteRange(size - taken, taken));
    }

    private static Optional<ByteRange> between(long first, long last, long size) {
        if (last != ABSENT && last < first) {
            return Optional.empty();
        }
        long end = last == ABSENT ? size : Math.min(size, last + 1);
        return Optional.of(new ByteRange(first, Math.max(0, end - first)));
    }

    private static long number(String digits) {
        if (digits.isEmpty()) {
            return ABSENT;
        }
        if (digits.length() > 18) {
            return MALFORMED;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    /** Whether the file has no such bytes: status 416. */
    boolean unsatisfiable() {
        return length == 0;
    }
}
