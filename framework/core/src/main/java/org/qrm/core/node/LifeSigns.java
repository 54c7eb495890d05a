package org.qrm.core.node;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.qrm.core.resource.ResourceRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks machines that do not report whether they are there. Nobody else can answer: the one that does has the host key of that
 * machine's boot. Who wants to know does not wait for it, and asks again. Few are asked at a time and few wait for their turn;
 * beyond that none is asked, so that a site whose power comes back is not kept waiting for thousands that do not answer.
 */
final class LifeSigns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LifeSigns.class);

    /** Who has not answered within this time does not; a connection to nobody is given up a little later. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** As long as the loader asks again, the kernel loads and the new boot registers. */
    static final Duration SILENCE_STANDS = Duration.ofMinutes(2);

    /** A machine that has answered may lose its power right after it. */
    static final Duration ANSWER_STANDS = Duration.ofSeconds(20);

    static final int AT_ONCE = 16;
    static final int WAITING = 48;

    private final LongPredicate answers;
    private final Clock clock;
    private final Map<Long, Question> questions = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), LifeSigns::thread);

    /** @param answers whether the machine with that id answers; takes its time, and may throw when it does not */
    LifeSigns(LongPredicate answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
        threads.allowCoreThreadTimeOut(true);
    }

    /** What is known of a machine that does not report. */
    enum Sign {
        /** It does not answer, or cannot be asked. */
        NONE,
        /** It is being asked. */
        ASKED,
        ANSWERED
    }

    private static final class Question {
        private final String bootId;
        private final long askedAt;
        private volatile long answeredAt;
        private volatile boolean over;

        Question(String bootId, long askedAt) {
            this.bootId = bootId;
            this.askedAt = askedAt;
        }

        boolean stands(long now) {
            return answeredAt > 0
                    ? now - answeredAt < ANSWER_STANDS.toMillis()
                    : now - askedAt < SILENCE_STANDS.toMillis();
        }

        Sign sign(long now) {
            if (answeredAt > 0) {
                return Sign.ANSWERED;
            }
            return over || now - askedAt >= PATIENCE.toMillis() ? Sign.NONE : Sign.ASKED;
        }
    }

    /** Looks, and asks if that was not done lately; returns at once. */
    Sign of(ResourceRow row) {
        // one that was not admitted holds nothing, and may be somebody's invention to have others asked
        boolean canBeAsked =
                row.admitted() && row.sshHostKey() != null && row.resource().address() != null;
        if (!canBeAsked) {
            return Sign.NONE;
        }
        long now = clock.millis();
        Question question = questions.compute(
                row.id(),
                (id, before) -> before != null && isOf(row, before) && before.stands(now) ? before : asked(row, now));
        return question == null ? Sign.NONE : question.sign(now);
    }

    /** Whether it has answered lately. */
    boolean hasAnswered(ResourceRow row) {
        long now = clock.millis();
        Question question = questions.get(row.id());
        return question != null && isOf(row, question) && question.stands(now) && question.sign(now) == Sign.ANSWERED;
    }

    private static boolean isOf(ResourceRow row, Question question) {
        return Objects.equals(question.bootId, row.bootId());
    }

    /** Null when too many are being asked. */
    private Question asked(ResourceRow row, long now) {
        Question question = new Question(row.bootId(), now);
        try {
            threads.execute(() -> ask(row.id(), question));
            return question;
        } catch (RejectedExecutionException tooMany) {
            return null;
        }
    }

    private void ask(long resource, Question question) {
        if (clock.millis() - question.askedAt >= PATIENCE.toMillis()) {
            return; // whoever wanted to know has been answered
        }
        try {
            if (answers.test(resource)) {
                question.answeredAt = clock.millis();
            }
        } catch (RuntimeException silent) {
            LOG.debug("Resource {} does not report, and does not answer", resource, silent);
        } finally {
            question.over = true;
        }
    }

    /** To be called every few seconds. */
    void forgetOld() {
        long now = clock.millis();
        questions.values().removeIf(question -> !question.stands(now));
    }

    @Override
    public void close() {
        // no interrupt: the embedded database closes the connection of an interrupted thread
        threads.getQueue().clear();
        threads.shutdown();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "qrm-life-sign");
        thread.setDaemon(true);
        return thread;
    }
}
