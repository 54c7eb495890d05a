package org.qrm.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

/** Runs the wrong implementations of a table, and sees each fail by the check that is meant for it. */
final class Bites {

    private Bites() {}

    /** @param table its nested classes with {@link FailsAt} are contract tests of something wrong */
    static void all(Class<?> table) {
        List<String> missed = new ArrayList<>();
        List<Class<?>> wrong = Arrays.stream(table.getDeclaredClasses())
                .filter(each -> each.isAnnotationPresent(FailsAt.class))
                .sorted(Comparator.comparing(Class::getSimpleName))
                .toList();
        assertTrue("nothing is wrong in " + table, wrong.size() > 3);
        for (Class<?> each : wrong) {
            FailsAt meant = each.getAnnotation(FailsAt.class);
            List<Failure> failures =
                    new JUnitCore().run(Request.method(each, meant.value())).getFailures();
            boolean found = failures.stream()
                    .anyMatch(failure ->
                            meant.value().equals(failure.getDescription().getMethodName())
                                    && String.valueOf(failure.getMessage()).contains(meant.saying()));
            if (!found) {
                missed.add(each.getSimpleName() + " fails otherwise: "
                        + failures.stream()
                                .map(failure -> String.valueOf(failure.getMessage()))
                                .toList());
            }
        }
        assertEquals(List.of(), missed);
    }

    /** What is right passes, and nothing of it is skipped. */
    static void none(Class<?> right) {
        Result result = new JUnitCore().run(right);
        assertEquals(List.of(), result.getFailures());
        assertEquals("skipped", 0, result.getAssumptionFailureCount());
        assertTrue("tests", result.getRunCount() > 3);
    }
}
