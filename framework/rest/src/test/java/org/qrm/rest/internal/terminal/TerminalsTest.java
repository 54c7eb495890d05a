package org.qrm.rest.internal.terminal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.user.Role;
import org.qrm.commands.Caller;
import org.qrm.rest.internal.fake.FakeServices;

public class TerminalsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final Caller ANN = new Caller("ann", Role.ADMIN);

    private final FakeServices services = new FakeServices();
    private final Terminals terminals = new Terminals(services);

    @After
    public void close() {
        terminals.close();
    }

    private OpenTerminal open(Role needed) {
        return terminals.open(
                new OpenTerminal.Opening("ann", needed, 7),
                () -> services.remoteCommands().openTerminal(7, List.of("shell"), new TerminalSize(80, 24)));
    }

    @Test
    public void isNobodyElses() {
        long id = open(Role.ADMIN).id();
        Caller bob = new Caller("bob", Role.ADMIN);
        assertEquals(7, terminals.find(ANN, id).resource());
        for (Runnable other : new Runnable[] {() -> terminals.find(bob, id), () -> terminals.close(bob, id)}) {
            Problem problem = assertThrows(QrmException.class, other::run).problem();
            assertEquals(Problem.Kind.NOT_FOUND, problem.kind());
        }
        assertEquals(0, services.hungUp());
    }

    @Test
    public void isItsOpenersOnlyWithTheRoleThatOpeningNeeded() {
        long shell = open(Role.ADMIN).id();
        long console = open(Role.OPERATOR).id();
        Caller demoted = new Caller("ann", Role.OPERATOR);
        assertEquals(console, terminals.find(demoted, console).id());
        Problem problem = assertThrows(QrmException.class, () -> terminals.find(demoted, shell))
                .problem();
        assertEquals(Problem.Kind.FORBIDDEN, problem.kind());
        assertThrows(QrmException.class, () -> terminals.find(new Caller("ann", Role.VIEWER), console));
    }

    @Test
    public void closesThoseThatNobodyLooksAt() throws Exception {
        long id = open(Role.ADMIN).id();
        terminals.closeLeft(LONG, LONG);
        assertEquals(id, terminals.find(ANN, id).id());
        Thread.sleep(5);
        terminals.closeLeft(LONG, Duration.ofMillis(1));
        assertThrows(QrmException.class, () -> terminals.find(ANN, id));
        assertEquals(1, services.hungUp());
        assertTrue(services.knownAudit.entries.get(0).result().contains("nobody looked"));
        services.knownAudit.full = true;
        open(Role.ADMIN);
        Thread.sleep(5);
        terminals.closeLeft(LONG, Duration.ofMillis(1));
        assertEquals("whatever the log says", 2, services.hungUp());
    }

    @Test
    public void tellsAgainWhatItsReaderHasNotConfirmed() throws Exception {
        OpenTerminal terminal = open(Role.ADMIN);
        byte[] first = terminal.read(0, LONG).bytes();
        assertEquals("shell 80x24\r\n", new String(first, StandardCharsets.UTF_8));
        assertArrayEquals("the answer was lost", first, terminal.read(0, LONG).bytes());
        OpenTerminal.Output next = terminal.read(first.length, Duration.ofMillis(20));
        assertEquals(first.length, next.from());
        assertEquals(0, next.bytes().length);
        terminal.type("exit");
        OpenTerminal.Output last = terminal.read(first.length, LONG);
        while (!last.ended()) {
            last = terminal.read(last.from() + last.bytes().length, LONG);
        }
        assertTrue(last.from() >= first.length);
    }
}
