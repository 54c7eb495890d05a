package org.qrm.api.operation;

import java.util.Objects;
import org.qrm.api.QrmException;

/**
 * How the same is done to many things.
 *
 * @param by who asks for it, for the events that tell of it
 * @param why what for, in a person's words, at most 200 characters; may be empty
 * @param atOnce how many are at work at the same time, 1 to 1000
 * @param most nothing is done when more things are meant, 1 to {@value #MOST}
 */
public record Many(String by, String why, int atOnce, int most) {

    /** What one operation can be about. */
    public static final int MOST = 20_000;

    public static final int USUAL_MOST = 1000;
    public static final int USUAL_AT_ONCE = 50;

    private static final int LONGEST = 200;
    private static final String ATTEMPT = "act on many";

    public Many {
        Objects.requireNonNull(by);
        if (why.length() > LONGEST) {
            throw QrmException.invalid(
                    ATTEMPT, "why", "it has " + why.length() + " characters", "Say it in " + LONGEST + ".");
        }
        check("atOnce", atOnce, 1000);
        check("most", most, MOST);
    }

    private static void check(String what, int value, int greatest) {
        if (value < 1 || value > greatest) {
            throw QrmException.invalid(ATTEMPT, what, "it is " + value, "Give 1 to " + greatest + ".");
        }
    }
}
