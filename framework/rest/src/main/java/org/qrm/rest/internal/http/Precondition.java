package org.qrm.rest.internal.http;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.commands.Answer;
import org.qrm.commands.Router;

/**
 * {@code If-Match} (RFC 9110, 13.1.1): a change is made only to what the caller has seen. The look and the change are
 * one step among all who use this interface, since changes of one sort of thing wait for each other.
 */
public final class Precondition {

    public static final String HEADER = "If-Match";

    private final Router router;
    private final Map<String, Lock> locks = new ConcurrentHashMap<>();

    public Precondition(Router router) {
        this.router = router;
    }

    /**
     * Does the work if the thing is still what the caller has seen.
     *
     * @throws QrmException 412 when it is not; INVALID for a tag on a path that has none
     */
    public Answer over(HttpCall call, Callable<Answer> work) throws Exception {
        String wanted = call.request().getHeader(HEADER);
        if (!router.isTagged(call.route()) || call.route().method().equals("GET")) {
            if (wanted != null) {
                throw QrmException.invalid(
                        "heed " + HEADER, Name.printable(call.rawPath()), "it is not heeded here", "Leave it out.");
            }
            return work.call();
        }
        Lock lock = locks.computeIfAbsent(call.route().segments().get(0), noun -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (wanted != null) {
                check(call, wanted);
            }
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    private void check(HttpCall call, String wanted) throws Exception {
        Object now =
                router.get(call.route().path()).handler().handle(call.asGet()).body();
        String tag = EntityTag.of(now);
        boolean same = wanted.trim().equals("*")
                || Arrays.stream(wanted.split(",")).map(String::trim).anyMatch(tag::equals);
        if (!same) {
            throw new Failed(Name.printable(call.rawPath()));
        }
    }

    /** Somebody else was faster. */
    static final class Failed extends QrmException {
        private static final long serialVersionUID = 1L;

        Failed(String path) {
            super(new Problem(
                    Problem.Kind.CONFLICT,
                    "change",
                    path,
                    "it has changed since it was read",
                    "Read it again, and decide anew."));
        }
    }
}
