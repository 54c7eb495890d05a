package org.qrm.netboot.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.node.Report;
import org.qrm.api.node.Report.NodeState;

/** Reads {@code POST /node/v1/report?hold=…}; its bounds are those of docs/node-protocol.md. */
final class ReportForm {

    private static final Set<String> ONCE =
            Set.of("resource", "state", "load", "memory-free-mb", "uptime", "received", "sent", "error");
    private static final int MAX_ERROR = 512;
    private static final long MAX_HOLD = 30;
    private static final Duration[] HOLDS = holds();

    private ReportForm() {}

    /** @throws QrmException INVALID, naming the key; UNAUTHENTICATED when the token is that of another resource */
    static Report read(NodeMessage message, NodeCredentials credentials) {
        message.allowing(ONCE, Set.of());
        long resource = message.number("resource", 1, Long.MAX_VALUE);
        if (resource != credentials.resource()) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAUTHENTICATED,
                    "accept report",
                    Long.toString(resource),
                    "the node token is that of another resource",
                    "Start the machine again to register it."));
        }
        return new Report(
                resource,
                credentials.token(),
                state(message.required("state")),
                load(message.required("load")),
                message.number("memory-free-mb", 0, HardwareForm.MAX_MEMORY_MB),
                message.number("uptime", 0, 10_000_000_000L),
                bytes(message, "received"),
                bytes(message, "sent"),
                error(message.optional("error")));
    }

    private static long bytes(NodeMessage message, String key) {
        return message.optional(key).isEmpty() ? -1 : message.number(key, 0, Long.MAX_VALUE);
    }

    /**
     * The wanted time to wait, of the query string.
     *
     * @throws QrmException INVALID
     */
    static Duration hold(String query) {
        if (query == null || query.isEmpty()) {
            return Duration.ZERO;
        }
        if (!query.startsWith("hold=")) {
            throw NodeMessage.malformed("hold", "the address asks for something else than hold=<seconds>");
        }
        return HOLDS[(int) NodeMessage.numberOf("hold", query.substring("hold=".length()), 0, MAX_HOLD)];
    }

    private static Duration[] holds() {
        Duration[] holds = new Duration[(int) MAX_HOLD + 1];
        for (int seconds = 0; seconds < holds.length; seconds++) {
            holds[seconds] = Duration.ofSeconds(seconds);
        }
        return holds;
    }

    private static NodeState state(String word) {
        return switch (word) {
            case "idle" -> NodeState.IDLE;
            case "mounting" -> NodeState.MOUNTING;
            case "starting" -> NodeState.STARTING;
            case "active" -> NodeState.ACTIVE;
            case "stopping" -> NodeState.STOPPING;
            default -> throw NodeMessage.malformed("state", "it is none of idle, mounting, starting, active, stopping");
        };
    }

    /** A decimal number as /proc/loadavg has it, with up to six digits before the point and four after it. */
    private static double load(String text) {
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String fraction = point < 0 ? "0" : text.substring(point + 1);
        if (fraction.length() > 4) {
            throw NodeMessage.malformed("load", "it has more than four digits after the point");
        }
        double load = NodeMessage.numberOf("load", whole, 0, 999_999);
        return load + NodeMessage.numberOf("load", fraction, 0, 9_999) / Math.pow(10, fraction.length());
    }

    private static String error(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_ERROR) {
            throw NodeMessage.malformed("error", "it has more than " + MAX_ERROR + " bytes");
        }
        return text;
    }
}
