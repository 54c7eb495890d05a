package org.qrm.netboot.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;

/** How long requests of machines take, by what they ask for. */
final class RequestFigures {

    private static final String ATTRIBUTE = RequestFigures.class.getName();

    private final Family<Timing> took;

    RequestFigures(Metrics metrics) {
        took = metrics.latency(
                "qrm_machine_request_duration_seconds",
                "Requests of machines and boot loaders until the end of the answer; reports that are held apart.",
                "route",
                "method",
                "status");
    }

    /** A request; it ends once. */
    final class Measured {
        private final long start = System.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final String method;
        private volatile String route;
        private volatile boolean later;

        private Measured(HttpServletRequest request, String route) {
            this.method = method(request.getMethod());
            this.route = route;
            request.setAttribute(ATTRIBUTE, this);
        }

        /** It is answered later, by an exchange. */
        Measured later() {
            later = true;
            return this;
        }

        /** It is held until there is something to say. */
        void held() {
            route = route + " (held)";
        }

        /** The servlet has done with it. */
        void returned(HttpServletResponse response) {
            if (!later) {
                end(response);
            }
        }

        void end(HttpServletResponse response) {
            if (ended.compareAndSet(false, true)) {
                took.with(route, method, response.getStatus() / 100 + "xx").since(start);
            }
        }
    }

    /** Whoever sends it may write any word. */
    private static String method(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST" -> method;
            default -> "other";
        };
    }

    Measured begin(HttpServletRequest request, String route) {
        return new Measured(request, route);
    }

    /** Null when nobody measures it. */
    static Measured of(HttpServletRequest request) {
        return (Measured) request.getAttribute(ATTRIBUTE);
    }
}
