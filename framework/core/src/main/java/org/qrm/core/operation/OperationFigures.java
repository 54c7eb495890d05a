package org.qrm.core.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadPoolExecutor;
import org.qrm.api.metric.Family;
import org.qrm.api.metric.Metrics;
import org.qrm.api.metric.Timing;
import org.qrm.api.operation.OperationState;

/** How long operations and their steps take, and how they end. */
final class OperationFigures {

    private final Family<Timing> operations;
    private final Family<Timing> steps;

    OperationFigures(Metrics metrics) {
        operations = metrics.duration(
                "qrm_operation_duration_seconds",
                "Operations from when they were asked for until they ended.",
                "kind",
                "outcome");
        steps = metrics.duration(
                "qrm_operation_step_duration_seconds",
                "Steps of operations, waiting included.",
                "kind",
                "step",
                "outcome");
    }

    static OperationFigures in(Metrics metrics, List<ThreadPoolExecutor> threads) {
        metrics.gauge(
                "qrm_operation_threads_busy",
                "Threads that carry out operations now.",
                () -> threads.stream()
                        .mapToInt(ThreadPoolExecutor::getActiveCount)
                        .sum());
        metrics.gauge(
                "qrm_operation_queue_length",
                "Operations that could go on and wait for a thread.",
                () -> threads.stream().mapToInt(each -> each.getQueue().size()).sum());
        return new OperationFigures(metrics);
    }

    void step(String kind, String step, OperationState outcome, long start) {
        steps.with(kind, step, word(outcome)).since(start);
    }

    void operation(OperationRow row, OperationState outcome) {
        operations
                .with(row.kind(), word(outcome))
                .add(Duration.between(row.created(), Instant.now()).toNanos());
    }

    private static String word(OperationState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
