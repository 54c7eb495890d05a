package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;

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
    public void whatIsNotThereAtAStartIsOwedAndStaysWritten() throws IOException {
        begun(Set.of("one/1", "two/1"));
        KeptLines lines = begun(Set.of());
        assertEquals(List.of("one/1", "two/1"), lines.owed());
        assertEquals(List.of("one/1", "two/1"), written());
        lines.note(Set.of("three/1"));
        assertEquals(List.of("one/1", "three/1", "two/1"), written());
    }

    @Test
    public void whatIsTakenAwayIsForgotten() throws IOException {
        KeptLines lines = begun(Set.of("one/1", "two/1"));
        lines.note(Set.of("two/1"));
        assertEquals(List.of("two/1"), written());
        assertEquals(List.of(), begun(Set.of("two/1")).owed());
    }

    @Test
    public void whatComesBackUnderAnotherVersionTakesThePlaceOfTheOldOne() throws IOException {
        begun(Set.of("one/1"));
        KeptLines lines = begun(Set.of());
        lines.note(Set.of("one/2"));
        lines.paid("one/1");
        lines.note(Set.of("one/2"));
        assertEquals(List.of("one/2"), written());
    }

    @Test
    public void aLineThatSomebodyTakesOutIsOwedNoMore() throws IOException {
        begun(Set.of("one/1", "two/1"));
        KeptLines lines = begun(Set.of());
        Files.writeString(file(), "two/1\n");
        lines.note(Set.of());
        assertEquals(List.of("two/1"), lines.owed());
        assertEquals(List.of("two/1"), written());
    }

    private KeptLines begun(Set<String> there) throws IOException {
        KeptLines lines = new KeptLines(file());
        lines.begin(there);
        return lines;
    }

    private List<String> written() throws IOException {
        return Files.readAllLines(file());
    }

    private Path file() {
        return folder.getRoot().toPath().resolve("kept/features");
    }
}
