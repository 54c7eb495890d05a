package org.qrm.login.internal;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.qrm.api.metric.Counter;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;

/** What became of those who wanted to log in. */
final class LoginFigures {

    /** What one is answered. */
    enum Result {
        /** It was the right password or key. One that is remembered from before is not looked at, and not counted. */
        ACCEPTED,
        /** No such user, or another password. */
        REFUSED,
        /** The right password of somebody who may not. */
        FORBIDDEN,
        /** Not looked at: too many failed before. */
        LOCKED_OUT,
        /** Not looked at: too many were being looked at. */
        TURNED_AWAY,
        /** It named nobody. */
        MALFORMED
    }

    private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

    LoginFigures(Metrics metrics) {
        Family<Counter> attempts =
                metrics.counter("qrm_login_attempts_total", "Logins, of all faces, by what came of them.", "result");
        for (Result result : Result.values()) {
            counters.put(
                    result, attempts.with(result.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        }
    }

    void happened(Result result) {
        counters.get(result).increment();
    }
}
