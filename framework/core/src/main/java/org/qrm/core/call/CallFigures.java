package org.qrm.core.call;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;
import org.qrm.api.operation.CancelledException;

/** How long calls of plug-ins take, and what becomes of them. */
final class CallFigures {

    private static final String API = "org.qrm.api.";

    private final Family<Timing> took;
    private final ClassValue<Called> called = new ClassValue<>() {
        @Override
        protected Called computeValue(Class<?> type) {
            return new Called(bundle(type), spi(type));
        }
    };

    /** Whose it is, and what. */
    private record Called(String bundle, String spi) {}

    CallFigures(Metrics metrics) {
        took = metrics.latency(
                "qrm_plugin_call_duration_seconds",
                "Calls of plug-ins, by their bundle and what is called.",
                "bundle",
                "spi",
                "outcome");
    }

    /** @param ended null when it returned */
    void add(Object service, long start, RuntimeException ended) {
        Object object = service instanceof Admission.Guarded guarded ? guarded.original() : service;
        Called whose = called.get(object.getClass());
        took.with(whose.bundle, whose.spi, outcome(ended)).since(start);
    }

    private static String outcome(RuntimeException ended) {
        if (ended == null) {
            return "done";
        }
        if (ended instanceof CancelledException) {
            return "cancelled";
        }
        Problem.Kind kind =
                ended instanceof QrmException refused ? refused.problem().kind() : Problem.Kind.FAILED;
        return switch (kind) {
            case FAILED -> "failed";
            case TIMEOUT -> "timeout";
            case UNAVAILABLE -> "gone";
            default -> "refused";
        };
    }

    private static String bundle(Class<?> type) {
        return Optional.ofNullable(FrameworkUtil.getBundle(type))
                .map(Bundle::getSymbolicName)
                .orElse("");
    }

    /** The interface of the API that it implements. */
    private static String spi(Class<?> type) {
        return Stream.<Class<?>>iterate(type, each -> each != null, Class::getSuperclass)
                .flatMap(each -> Arrays.stream(each.getInterfaces()))
                .filter(each -> each.getName().startsWith(API))
                .map(Class::getSimpleName)
                .findFirst()
                .orElse("");
    }
}
