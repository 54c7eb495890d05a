package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ChildRecordTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file;
    private Process left;

    @Before
    public void startAChild() throws Exception {
        file = folder.getRoot().toPath().resolve("child");
        left = new ProcessBuilder("sleep", "1000").start();
    }

    @After
    public void endIt() {
        left.destroyForcibly();
    }

    @Test
    public void endsAChildThatWasLeftOver() throws Exception {
        new ChildRecord(file).write(left.pid());
        new ChildRecord(file).endStale();
        assertTrue(left.waitFor(10, TimeUnit.SECONDS));
        assertFalse(Files.exists(file));
    }

    @Test
    public void sparesAnotherProcessWithThePidOfTheChild() throws Exception {
        new ChildRecord(file).write(left.pid());
        Files.writeString(file, Files.readString(file).replace(" ", " 1"));
        new ChildRecord(file).endStale();
        assertTrue(left.isAlive());
        assertFalse(Files.exists(file));
    }

    @Test
    public void isNotLedAstrayByAMangledFile() throws Exception {
        for (String mangled : new String[] {"", "x y", "-1 5", left.pid() + "", "99999999999999999999 1"}) {
            Files.writeString(file, mangled);
            new ChildRecord(file).endStale();
        }
        assertTrue(left.isAlive());
    }
}
