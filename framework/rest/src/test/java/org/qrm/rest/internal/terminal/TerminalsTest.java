package org.qrm.rest.internal.terminal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.rest.internal.fake.FakeServices;

public class TerminalsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeServices services = new FakeServices();
    private final Terminals terminals = new Terminals(services);

    @After
    public void close() {
        terminals.close();
    }

    @Test
    public void isNobodyElses() {
        long id = terminals.open("ann", 7, 80, 24).id();
        assertEquals(7, terminals.find("ann", id).resource());
        for (Runnable other : new Runnable[] {() -> terminals.find("bob", id), () -> terminals.close("bob", id)}) {
            Problem problem = assertThrows(QrmException.class, other::run).problem();
            assertEquals(Problem.Kind.NOT_FOUND, problem.kind());
        }
        assertEquals(0, services.hungUp());
    }

    @Test
    public void closesThoseThatNobodyLooksAt() throws Exception {
        long id = terminals.open("ann", 7, 80, 24).id();
        terminals.closeLeft(LONG, LONG);
        assertEquals(id, terminals.find("ann", id).id());
        Thread.sleep(5);
        terminals.closeLeft(LONG, Duration.ofMillis(1));
        assertThrows(QrmException.class, () -> terminals.find("ann", id));
        assertEquals(1, services.hungUp());
        assertTrue(services.knownAudit.entries.get(0).result().contains("nobody looked"));
        services.knownAudit.full = true;
        terminals.open("ann", 7, 80, 24);
        Thread.sleep(5);
        terminals.closeLeft(LONG, Duration.ofMillis(1));
        assertEquals("whatever the log says", 2, services.hungUp());
    }

    @Test
    public void tellsAgainWhatItsReaderHasNotConfirmed() throws Exception {
        OpenTerminal terminal = terminals.open("ann", 7, 80, 24);
        byte[] first = terminal.read(0, LONG).bytes();
        assertEquals("80x24\r\n", new String(first, StandardCharsets.UTF_8));
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
