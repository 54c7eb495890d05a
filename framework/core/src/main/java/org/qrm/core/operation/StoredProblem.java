package org.qrm.core.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.qrm.api.Problem;
import org.qrm.core.store.Json;
import org.qrm.core.store.Text;

/** Why an operation did not come to its end, as its row keeps it beside the sentence: the whole Problem in JSON. */
final class StoredProblem {

    /** Characters of the column. */
    private static final int ROOM = 4000;

    private static final int WORDS = 500;

    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private StoredProblem() {}

    /** What does not fit is cut from the reason. */
    static String write(Problem problem) {
        int most = ROOM;
        String written = write(problem, most);
        while (written.length() > ROOM) {
            most -= Math.max(1, (written.length() - ROOM) / 6);
            written = write(problem, most);
        }
        return written;
    }

    private static String write(Problem problem, int reason) {
        return Json.write(new Problem(
                problem.kind(),
                Text.cut(problem.attempted(), WORDS),
                Text.cut(problem.subject(), WORDS),
                Text.cut(problem.reason(), reason),
                Text.cut(problem.remedy(), WORDS)));
    }

    /** Null for none, as of operations that QRM 0.1.0 ended. */
    static Problem read(String text) {
        try {
            return text == null ? null : MAPPER.readValue(text, Problem.class);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("the row of an operation holds what this program did not write", broken);
        }
    }
}
