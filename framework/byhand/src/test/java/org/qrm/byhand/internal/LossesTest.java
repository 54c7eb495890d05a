package org.qrm.byhand.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import org.qrm.api.Page;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventLog;
import org.qrm.api.event.Priority;

public class LossesTest {

    private static final String LONG = "the bundle file:/" + "folder/".repeat(40) + "site.jar";

    private final List<Event> events = new ArrayList<>();
    private final EventLog log = log();
    private final Losses losses = new Losses("10.0.0.1");

    @Test
    public void anEventTellsOfEachOnceAndIsResolvedWhenItIsBack() {
        for (String what : List.of("the feature site/1", LONG)) {
            events.clear();
            lose(losses, what);
            losses.tell(log);
            assertEquals(what, List.of(false), resolved());
            losses.over(what);
            losses.tell(log);
            assertEquals(what, List.of(true), resolved());
        }
    }

    @Test
    public void theNextStartTellsNoSecondTimeOfWhatIsStillLost() {
        lose(losses, LONG);
        losses.tell(log);
        Losses next = new Losses("10.0.0.1");
        next.tell(log);
        assertEquals("not tried yet", List.of(false), resolved());
        lose(next, LONG);
        next.settle();
        next.tell(log);
        assertEquals(List.of(false), resolved());
    }

    @Test
    public void theNextStartResolvesWhatItHasBroughtBack() {
        lose(losses, "the feature site/1");
        losses.tell(log);
        Losses next = new Losses("10.0.0.1");
        next.settle();
        next.tell(log);
        assertEquals(List.of(true), resolved());
    }

    @Test
    public void whatAnotherServerHasLostIsItsOwn() {
        lose(losses, "the feature site/1");
        losses.tell(log);
        Losses other = new Losses("10.0.0.2");
        other.settle();
        other.tell(log);
        assertEquals(List.of(false), resolved());
    }

    private static void lose(Losses losses, String what) {
        losses.add(what, new IOException("no room"), "Make room.");
    }

    private List<Boolean> resolved() {
        return events.stream().map(Event::resolved).toList();
    }

    private EventLog log() {
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(),
                new Class<?>[] {EventLog.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "list" -> new Page<>(List.copyOf(events), null);
                    case "record" -> {
                        events.add(event(cut((String) arguments[3]), false));
                        yield null;
                    }
                    case "resolve" -> {
                        events.replaceAll(
                                event -> event.subject().equals(arguments[1]) ? event(event.subject(), true) : event);
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** As the event log does. */
    private static String cut(String subject) {
        return subject.length() <= 120 ? subject : subject.substring(0, 119) + "…";
    }

    private static Event event(String subject, boolean resolved) {
        return new Event(1, Instant.EPOCH, Priority.ERROR, "core", "by-hand.lost", subject, "", null, false, resolved);
    }
}
