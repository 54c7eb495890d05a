package org.qrm.core.operation;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;
import org.qrm.api.Problem;

public class StoredProblemTest {

    @Test
    public void whatIsWrittenIsRead() {
        for (Problem.Kind kind : Problem.Kind.values()) {
            Problem whole =
                    new Problem(kind, "start virtual environment", "web1", "\"none\" fits\nat all", "Add {one}.");
            assertEquals(whole, StoredProblem.read(StoredProblem.write(whole)));
        }
    }

    @Test
    public void whatDoesNotFitIsCutAndStaysAProblem() {
        for (String text : List.of("x", "\"", "\n", "\u001b", "é")) {
            String much = text.repeat(10_000);
            String written = StoredProblem.write(new Problem(Problem.Kind.FAILED, much, much, much, much));
            assertTrue(text + ": " + written.length(), written.length() <= 4000);
            Problem read = StoredProblem.read(written);
            assertTrue(read.reason().endsWith("…"));
            assertTrue(read.remedy().endsWith("…"));
        }
    }

    @Test
    public void operationsOfEarlierReleasesHaveNone() {
        assertNull(StoredProblem.read(null));
    }
}
