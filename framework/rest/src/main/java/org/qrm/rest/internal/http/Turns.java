package org.qrm.rest.internal.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/**
 * Whose bodies hold a thread while they arrive: so many of one user and in all, so that slow senders leave threads to those who
 * only ask.
 */
public final class Turns {

    private final int most;
    private final int mostOfUser;
    private final Map<String, Integer> users = new ConcurrentHashMap<>();
    private int all;

    public Turns(int most, int mostOfUser) {
        this.most = most;
        this.mostOfUser = mostOfUser;
    }

    /** One of them, until it is closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws QrmException UNAVAILABLE when there are too many */
    synchronized Turn take(String user) {
        int had = users.getOrDefault(user, 0);
        if (had >= mostOfUser || all >= most) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "read the request",
                    had >= mostOfUser ? user : "",
                    had >= mostOfUser
                            ? had + " requests of this user are being sent already"
                            : all + " requests are being sent already",
                    "Try again when some of them have ended."));
        }
        users.put(user, had + 1);
        all++;
        return () -> giveBack(user);
    }

    private synchronized void giveBack(String user) {
        all--;
        users.computeIfPresent(user, (same, count) -> count > 1 ? count - 1 : null);
    }
}
