package org.qrm.api.environment;

import java.util.List;
import java.util.Objects;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;

/**
 * How a virtual environment is healed when a machine of it is lost.
 *
 * @param mode whether it is
 * @param attempts how many starts on spare machines, one after the other, before a person is asked (1..10)
 * @param afterSeconds how long a silence is borne beyond the time after which a machine counts as lost (0..86400 s)
 * @param tags what a spare machine is tagged besides what the environment needs; any that fits if empty
 */
public record Healing(HealMode mode, int attempts, int afterSeconds, List<Tag> tags) {

    public static final int USUAL_ATTEMPTS = 3;

    /** It is not. */
    public static final Healing NONE = new Healing(HealMode.NONE, USUAL_ATTEMPTS, 0, List.of());

    private static final int MOST_ATTEMPTS = 10;
    private static final int DAY = 86_400;

    public Healing {
        Objects.requireNonNull(mode);
        tags = List.copyOf(tags);
        within("attempts", attempts, 1, MOST_ATTEMPTS);
        within("seconds of silence", afterSeconds, 0, DAY);
    }

    private static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw QrmException.invalid("set healing", "", value + " " + what, "Give " + least + " to " + most + ".");
        }
    }
}
