package org.qrm.plugin.webhookpower.internal;

import java.time.Duration;
import java.util.regex.Pattern;

/** A text that can be looked at for a while only: a regular expression may take longer than the world lasts. */
final class BoundedText implements CharSequence {

    private static final int LOOKS = 4096;

    private final CharSequence text;
    private final long end;
    private int looks;

    private BoundedText(CharSequence text, long end) {
        this.text = text;
        this.end = end;
    }

    /** It took too long, or too much of the stack. */
    static final class TooLong extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Whether the pattern is in the text. */
    static boolean has(String text, Pattern pattern, Duration limit) throws TooLong {
        try {
            return pattern.matcher(new BoundedText(text, System.nanoTime() + limit.toNanos()))
                    .find();
        } catch (Over | StackOverflowError over) {
            throw new TooLong();
        }
    }

    @Override
    public char charAt(int index) {
        looks++;
        if (looks % LOOKS == 0
                && (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted())) {
            throw new Over();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return new BoundedText(text.subSequence(from, to), end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
