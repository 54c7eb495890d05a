package org.qrm.commands.noun;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.qrm.api.QrmException;
import org.qrm.api.RetryLater;
import org.qrm.api.operation.Operation;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Route;

/** {@code ?wait=}: answers about work that are held until the work has ended. Each holds a thread, so they are few. */
public final class Waiting {

    private static final int LONGEST = 60;
    private static final int AT_ONCE = 50;

    private final ApiServices services;
    private final Semaphore places = new Semaphore(AT_ONCE);

    public Waiting(ApiServices services) {
        this.services = services;
    }

    /**
     * The same answer, or a later one about the same operation. It is not held when too many are, or when nothing can be learnt of it now:
     * what was asked for is asked for.
     *
     * @throws InterruptedException when the server stops
     */
    public Answer over(Call call, Answer answer) throws InterruptedException {
        if (!(answer.body() instanceof OperationView view)) {
            return answer;
        }
        int seconds = call.query(Route.WAIT);
        if (seconds == 0 || view.state().ended() || !places.tryAcquire()) {
            return answer;
        }
        try {
            Operation now = services.operations().await(view.id(), Duration.ofSeconds(seconds));
            Object body = view.log() == null
                    ? OperationView.of(now)
                    : OperationView.of(now, services.operations().log(now.id()));
            return new Answer(answer.status(), body, answer.location(), answer.again());
        } catch (RetryLater nobodyKnowsMore) {
            return answer;
        } finally {
            places.release();
        }
    }

    /**
     * Before anything is asked for.
     *
     * @throws QrmException INVALID for a time that is out of range
     */
    public static void check(Call call) {
        Integer seconds = call.queryIfKnown(Route.WAIT);
        if (seconds != null && (seconds < 0 || seconds > LONGEST)) {
            throw QrmException.invalid("read the query", "wait", "it is " + seconds, "0 to " + LONGEST + " seconds.");
        }
    }
}
