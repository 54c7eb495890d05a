package org.qrm.metrics.internal;

import java.util.List;

/** All that is counted under one name. */
abstract class Metric {

    private final String name;
    private final String help;
    private final List<String> labels;

    Metric(String name, String help, List<String> labels) {
        this.name = String.valueOf(name);
        this.help = String.valueOf(help);
        this.labels = labels;
    }

    final String name() {
        return name;
    }

    final String help() {
        return help;
    }

    final List<String> labels() {
        return labels;
    }

    /** As Prometheus calls it. */
    abstract String type();

    /** What its name ends with, or empty. */
    abstract String suffix();

    /** Its head, so that what is not told yet is known, and what there is to tell. */
    abstract void write(Exposition text);

    /** Whether it is declared in the same way. */
    boolean isLike(Metric other) {
        return getClass() == other.getClass()
                && type().equals(other.type())
                && help.equals(other.help)
                && labels.equals(other.labels);
    }
}
