package org.qrm.core;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * How long the server waits for machines.
 *
 * @param silence after which a machine that should report counts as lost
 * @param boot from the order to start an environment to the report from inside the image
 * @param release from the order to leave an environment to the registration as idle
 * @param call of a plug-in's listener
 */
public record Limits(Duration silence, Duration boot, Duration release, Duration call) {

    /** For what a power controller does; a partition takes a minute to start on a slow host. */
    public static final Duration POWER = Duration.ofMinutes(5);

    private static final int SHORTEST = 15;
    private static final int LONGEST = 86_400;
    private static final int MOST_HEALS = 100;
    private static final int SHORTEST_ASKING = 10;

    /**
     * As the settings say: {@code QRM_SILENCE_SECONDS} (45), {@code QRM_BOOT_SECONDS} (900),
     * {@code QRM_RELEASE_SECONDS} (600), each 15 to 86400.
     *
     * @param settings answers the value of a setting, or null
     */
    public static Limits from(UnaryOperator<String> settings) {
        return new Limits(
                seconds(settings, "QRM_SILENCE_SECONDS", 45),
                seconds(settings, "QRM_BOOT_SECONDS", 900),
                seconds(settings, "QRM_RELEASE_SECONDS", 600),
                Duration.ofSeconds(30));
    }

    /** How many lost machines are replaced at the same time: {@code QRM_HEALS_AT_ONCE} (3), 1 to 100. */
    public static int healsAtOnce(UnaryOperator<String> settings) {
        return number(settings, "QRM_HEALS_AT_ONCE", 3, 1, MOST_HEALS);
    }

    /** How often it is asked whether machines have power: {@code QRM_POWER_SECONDS} (60), 10 to 86400; 0: never. */
    public static Duration power(UnaryOperator<String> settings) {
        String name = "QRM_POWER_SECONDS";
        return "0".equals(settings.apply(name))
                ? Duration.ZERO
                : Duration.ofSeconds(number(settings, name, 60, SHORTEST_ASKING, LONGEST));
    }

    private static Duration seconds(UnaryOperator<String> settings, String name, int normal) {
        return Duration.ofSeconds(number(settings, name, normal, SHORTEST, LONGEST));
    }

    private static int number(UnaryOperator<String> settings, String name, int normal, int least, int most) {
        String value = settings.apply(name);
        if (value == null || value.isBlank()) {
            return normal;
        }
        if (value.matches("[0-9]{1,6}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new QrmException(new Problem(
                Problem.Kind.INVALID,
                "read setting",
                name,
                "it is no number from " + least + " to " + most,
                "Correct etc/qrm.cfg or the environment."));
    }
}
