package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.Test;
import org.qrm.api.plugin.PluginAction;
import org.qrm.api.resource.ResourceAction;

public class ProblemTest {

    /** As an imperative before its noun: what REST calls {@code run-once} is not said so. */
    private static final String VERB_PHRASE =
            "(switch on|switch off|begin [a-z]+|begin local boot|[a-z-]+)( of)?" + " (plug-in|resource)";

    @Test
    public void everyActionHasWordsThatMakeASentence() {
        Stream.concat(
                        Stream.of(PluginAction.values()).map(PluginAction::attempt),
                        Stream.of(ResourceAction.values()).map(ResourceAction::attempt))
                .forEach(attempt -> assertTrue(attempt, attempt.matches(VERB_PHRASE)));
        assertEquals("Cannot activate plug-in \"xen\": it is away.", sentence("it is away", ""));
    }

    @Test
    public void aSentenceEndsOnceHoweverItsReasonEnds() {
        Map.of(
                        "it is away", "it is away.",
                        "what was copied is kept.", "what was copied is kept.",
                        "it ended..", "it ended.",
                        "xl says: ", "xl says.",
                        "what now?", "what now?",
                        "mount: no such device!", "mount: no such device!")
                .forEach((reason, told) -> {
                    assertEquals("Cannot activate plug-in \"xen\": " + told, sentence(reason, ""));
                    assertEquals("Cannot activate plug-in \"xen\": " + told + " Wait.", sentence(reason, "Wait."));
                });
    }

    private static String sentence(String reason, String remedy) {
        return new Problem(Problem.Kind.FAILED, PluginAction.RUN_ONCE.attempt(), "xen", reason, remedy).sentence();
    }
}
