package org.qrm.metrics.internal;

import java.util.List;

/** The text: Prometheus' exposition format 0.0.4, or OpenMetrics 1.0.0. */
final class Exposition {

    private final StringBuilder text = new StringBuilder(16_384);
    private final boolean openMetrics;

    Exposition(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    void head(Metric metric) {
        String name = metric.name();
        // a counter's family is called without it there
        String family = openMetrics && metric.type().equals("counter")
                ? name.substring(0, name.length() - CounterMetric.SUFFIX.length())
                : name;
        text.append("# HELP ").append(family).append(' ');
        escaped(metric.help(), openMetrics);
        text.append("\n# TYPE ")
                .append(family)
                .append(' ')
                .append(metric.type())
                .append('\n');
    }

    void sample(Metric metric, String suffix, List<String> values, long value) {
        series(metric, suffix, values, null);
        text.append(value).append('\n');
    }

    void sample(Metric metric, String suffix, List<String> values, double value) {
        series(metric, suffix, values, null);
        text.append(number(value)).append('\n');
    }

    void bucket(Metric metric, List<String> values, String bound, long count) {
        series(metric, "_bucket", values, bound);
        text.append(count).append('\n');
    }

    private void series(Metric metric, String suffix, List<String> values, String bound) {
        text.append(metric.name()).append(suffix);
        if (!values.isEmpty() || bound != null) {
            text.append('{');
            for (int i = 0; i < values.size(); i++) {
                text.append(i == 0 ? "" : ",").append(metric.labels().get(i)).append("=\"");
                escaped(values.get(i), true);
                text.append('"');
            }
            if (bound != null) {
                text.append(values.isEmpty() ? "" : ",")
                        .append("le=\"")
                        .append(bound)
                        .append('"');
            }
            text.append('}');
        }
        text.append(' ');
    }

    private void escaped(String value, boolean quotes) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quotes ? "\\\"" : "\"");
                default -> text.append(Character.isSurrogate(c) ? '\uFFFD' : c);
            }
        }
    }

    /** Whole numbers without a fraction, as people read them. */
    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }

    String end() {
        return openMetrics ? text.append("# EOF\n").toString() : text.toString();
    }
}
