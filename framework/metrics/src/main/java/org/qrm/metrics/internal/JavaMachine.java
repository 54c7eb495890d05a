package org.qrm.metrics.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/** The process, and the Java virtual machine that it is. */
final class JavaMachine {

    private static final Object OWNER = "the server";
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private JavaMachine() {}

    static void declare(Registry registry) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        gauge(
                registry,
                "jvm_memory_used_bytes",
                "Memory of the Java virtual machine in use.",
                "area",
                () -> Map.of(
                        "heap", memory.getHeapMemoryUsage().getUsed(),
                        "nonheap", memory.getNonHeapMemoryUsage().getUsed()));
        gauge(
                registry,
                "jvm_memory_max_bytes",
                "What the heap may grow to.",
                "area",
                () -> Map.of("heap", memory.getHeapMemoryUsage().getMax()));
        gauge(
                registry,
                "jvm_threads_current",
                "Threads.",
                null,
                () -> one(ManagementFactory.getThreadMXBean().getThreadCount()));
        counter(
                registry,
                "jvm_gc_collection_seconds_total",
                "What collecting garbage took so far.",
                "gc",
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .collect(Collectors.toMap(
                                GarbageCollectorMXBean::getName, gc -> Math.max(0, gc.getCollectionTime()) / MILLIS)));
        gauge(
                registry,
                "process_start_time_seconds",
                "When the server started, since 1970.",
                null,
                () -> one(ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS));
        counter(
                registry,
                "process_cpu_seconds_total",
                "Processor time of the server so far.",
                null,
                () -> one(ofProcess("ProcessCpuTime") / NANOS));
        gauge(
                registry,
                "process_open_fds",
                "Open files and connections.",
                null,
                () -> one(ofProcess("OpenFileDescriptorCount")));
        gauge(
                registry,
                "process_max_fds",
                "How many files and connections may be open.",
                null,
                () -> one(ofProcess("MaxFileDescriptorCount")));
    }

    /** By its name: the interface that has it is in a package that a framework need not give. */
    private static double ofProcess(String attribute) {
        try {
            ObjectName name = ManagementFactory.getOperatingSystemMXBean().getObjectName();
            Object value = ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
            return ((Number) value).doubleValue();
        } catch (JMException none) {
            throw new IllegalStateException("this Java virtual machine does not tell " + attribute, none);
        }
    }

    private static Map<String, Number> one(Number value) {
        return Map.of("", value);
    }

    private static void gauge(
            Registry registry, String name, String help, String label, Supplier<Map<String, ? extends Number>> now) {
        declare(registry, name, help, label, false, now);
    }

    private static void counter(
            Registry registry, String name, String help, String label, Supplier<Map<String, ? extends Number>> now) {
        declare(registry, name, help, label, true, now);
    }

    private static void declare(
            Registry registry,
            String name,
            String help,
            String label,
            boolean rises,
            Supplier<Map<String, ? extends Number>> now) {
        List<String> labels = label == null ? List.of() : List.of(label);
        registry.declare(OWNER, new AskedMetric(Asking.share(), name, help, labels, rises, now), before -> before);
    }
}
