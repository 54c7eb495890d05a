package org.qrm.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.qrm.api.Problem;

/**
 * How a step is tried again whose machine does not answer: after pauses that grow from a second to a minute, a little longer
 * or shorter by chance, so that many do not come at once. Kept by the server that tries; another one begins anew.
 */
final class Retries {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Problem last;
    private Instant since;
    private int tries;
    private int toldAt;

    /** Whether such a problem may be over in a while. */
    static boolean isPassing(Problem problem) {
        return problem.kind() == Problem.Kind.UNREACHABLE;
    }

    /** One more try failed. */
    void failed(Problem problem) {
        if (tries == 0) {
            since = Instant.now();
            toldAt = 1;
        }
        last = problem;
        tries++;
    }

    /** Until the next try. */
    Duration pause() {
        Duration grown = tries > 6 ? LONGEST : FIRST.multipliedBy(1L << (tries - 1));
        Duration most = grown.compareTo(LONGEST) < 0 ? grown : LONGEST;
        return most.multipliedBy(ThreadLocalRandom.current().nextLong(80, 121)).dividedBy(100);
    }

    /** What the log is told of the last failure: of the first, and then ever more seldom. */
    Optional<String> line() {
        if (tries != toldAt) {
            return Optional.empty();
        }
        toldAt *= 2;
        String which =
                tries == 1 ? " It is tried again until the step's time is over." : " That was try " + tries + ".";
        return Optional.of(last.sentence() + which);
    }

    /** What the log is told when it went on after all. */
    Optional<String> over() {
        Optional<String> line = tries == 0
                ? Optional.empty()
                : Optional.of("It goes on after " + tries + (tries == 1 ? " try" : " tries") + " that failed, over "
                        + Duration.between(since, Instant.now()).toSeconds() + " s.");
        tries = 0;
        last = null;
        return line;
    }

    /** Why the step's time was not enough, if it was because of these failures. */
    Optional<Problem> reason(Step step) {
        return Optional.ofNullable(last)
                .map(problem -> new Problem(
                        Problem.Kind.TIMEOUT,
                        problem.attempted(),
                        problem.subject(),
                        problem.reason() + "; it was tried " + tries + " times, and step " + step.name() + " had "
                                + step.limit().toSeconds() + " s",
                        problem.remedy()));
    }
}
