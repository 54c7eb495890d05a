package org.qrm.rest.internal.http;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.commands.Answer;
import org.qrm.commands.Content;
import org.qrm.commands.Route;
import org.qrm.commands.Router;

/**
 * {@code If-Match} (RFC 9110, 13.1.1): a change is made only to what the caller has seen. The look and the change are one
 * step among all who use this interface, since changes of one thing wait for each other. Nobody waits for what a caller
 * sends: a body of JSON has arrived before, and an upload without the header is looked at by nobody.
 */
public final class Precondition {

    public static final String HEADER = "If-Match";

    private final Router router;
    private static final long PATIENCE_SECONDS = 60;

    /** Things that can be named in several ways: by number, name or MAC address. */
    private static final Set<String> OF_MANY_NAMES = Set.of("resources", "partitions");

    private final Lock[] locks = Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

    public Precondition(Router router) {
        this.router = router;
    }

    /**
     * Does the work if the thing is still what the caller has seen.
     *
     * @throws QrmException 412 when it is not; INVALID for a tag on a path that has none; CONFLICT when another change of it
     *     does not end
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
        if (call.route().takes().form() == Content.Form.RAW && wanted == null) {
            return work.call();
        }
        if (call.route().takes().form() != Content.Form.RAW) {
            call.bytes();
        }
        Lock lock = lock(call);
        if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw QrmException.conflict(
                    "change", Name.printable(call.rawPath()), "another change of it is under way", "Try again later.");
        }
        try {
            if (wanted != null) {
                check(call, wanted);
            }
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    /** One for each thing; several things may share one, so that there are no more however many are named. */
    private Lock lock(HttpCall call) {
        List<String> segments = call.route().segments();
        String thing = segments.get(0);
        if (segments.size() > 1 && Route.isVariable(segments.get(1)) && !OF_MANY_NAMES.contains(thing)) {
            thing += "/" + call.path(Route.variable(segments.get(1)));
        }
        return locks[Math.floorMod(thing.hashCode(), locks.length)];
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
