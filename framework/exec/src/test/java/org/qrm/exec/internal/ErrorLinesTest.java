package org.qrm.exec.internal;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class ErrorLinesTest {

    private final List<String> told = new ArrayList<>();
    private final ErrorLines lines = new ErrorLines(told::add);

    @Test
    public void tellsLinesHoweverTheyArriveAndHoweverTheyEnd() {
        add("on");
        add("e\ntw");
        add("o\rthree\r\n\nfo");
        add("ur");
        lines.end();
        assertEquals(List.of("one", "two", "three", "four"), told);
    }

    @Test
    public void cutsALineThatNeverEnds() {
        for (int i = 0; i < 100; i++) {
            add("x".repeat(1000));
        }
        lines.end();
        assertEquals(
                List.of(ErrorLines.MAX_LINE), told.stream().map(String::length).toList());
    }

    @Test
    public void keepsTheLast8KiB() {
        add("a".repeat(9000));
        add("b".repeat(192));
        assertEquals("a".repeat(8000) + "b".repeat(192), lines.tail());
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lines.add(bytes, bytes.length);
    }
}
