package org.qrm.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class SortTest {

    enum Field implements ListField {
        NAME,
        MEMORY_MB,
        TEXT,
        LAST_SEEN_AT;

        @Override
        public Use use() {
            return this == TEXT ? Use.narrows(String.class, "only with this in it") : Use.sorts();
        }
    }

    @Test
    public void fieldsAreWrittenAsInJson() {
        assertEquals(List.of("name", "memoryMb", "lastSeenAt"), Sort.names(Field.class));
    }

    @Test
    public void readsBothDirections() {
        assertEquals(Sort.by(Field.MEMORY_MB), Sort.parse(Field.class, "memoryMb"));
        assertEquals(new Sort<>(Field.MEMORY_MB, true), Sort.parse(Field.class, "-memoryMb"));
    }

    @Test
    public void refusesOtherFieldsAndTellsWhichThereAre() {
        for (String text :
                new String[] {"", "-", "MEMORY_MB", "memorymb", "--name", "name,memoryMb", "name desc", "text"}) {
            QrmException refused = assertThrows(text, QrmException.class, () -> Sort.parse(Field.class, text));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
            assertTrue(refused.problem().remedy(), refused.problem().remedy().contains("name, memoryMb, lastSeenAt"));
        }
    }
}
