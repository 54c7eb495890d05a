package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class KeptLinesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void whatIsNotThereStaysWritten() throws IOException {
        lines().note(Set.of("one/1", "two/1"));
        lines().note(Set.of());
        lines().note(Set.of("three/1"));
        assertEquals(List.of("one/1", "three/1", "two/1"), written());
    }

    @Test
    public void whatIsTakenAwayIsForgotten() throws IOException {
        lines().note(Set.of("one/1", "two/1"));
        lines().forget("one/1");
        assertEquals(List.of("two/1"), written());
        assertEquals(List.of("two/1"), lines().lines());
    }

    @Test
    public void noFileIsLeftWhenNothingIsKept() throws IOException {
        lines().note(Set.of("one/1"));
        lines().forget("one/1");
        assertFalse(Files.exists(file()));
        assertEquals(List.of(), lines().lines());
    }

    @Test
    public void aLineThatSomebodyTakesOutIsGone() throws IOException {
        KeptLines lines = lines();
        lines.note(Set.of("one/1", "two/1"));
        Files.writeString(file(), "two/1\n");
        lines.note(Set.of());
        assertEquals(List.of("two/1"), lines.lines());
        assertEquals(List.of("two/1"), written());
    }

    private KeptLines lines() {
        return new KeptLines(file());
    }

    private List<String> written() throws IOException {
        return Files.readAllLines(file());
    }

    private Path file() {
        return folder.getRoot().toPath().resolve("kept/features");
    }
}
