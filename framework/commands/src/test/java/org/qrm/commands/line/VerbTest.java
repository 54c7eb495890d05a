package org.qrm.commands.line;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.Test;

public class VerbTest {

    /** All that there are; a component more in a record is seen here when it is not read. */
    @Test
    public void eachIsReadAsItWasWritten() {
        for (String noun : Verbs.nouns().keySet()) {
            JsonNode written = Verb.written(Verbs.of(noun));
            List<Verb> bound = Verb.JSON.convertValue(written, new TypeReference<>() {});
            assertEquals(noun, bound, Verb.read(written));
            assertEquals(noun, bound, Verbs.of(noun));
        }
    }

    @Test
    public void aWordOfAnotherVersionIsRefused() {
        JsonNode written = Verb.written(Verbs.of("server"));
        ((ObjectNode) written.get(0)).put("answer", "POEM");
        assertThrows(IllegalArgumentException.class, () -> Verb.read(written));
    }
}
