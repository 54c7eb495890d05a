package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

public class EventStreamTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    @Rule
    public final Timeout timeout = Timeout.seconds(60);

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> streams = new LinkedBlockingQueue<>();

    /** The next stream: a text that ends, or the reason why there is none; waits where there is nothing more. */
    private InputStream open() throws IOException, InterruptedException {
        Object next = streams.take();
        if (next instanceof IOException reason) {
            throw reason;
        }
        return new ByteArrayInputStream(next.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static long millis(EventStream stream, Duration atMost) throws InterruptedException {
        long begun = System.nanoTime();
        stream.await(atMost);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    @Test
    public void wakesAtAnEventAndNotAtAHeartbeat() throws Exception {
        streams.add("retry: 3000\n\n:\n\n");
        try (EventStream stream = new EventStream(this::open, told::add)) {
            assertTrue("a heartbeat is no event", millis(stream, Duration.ofMillis(1500)) >= 1500);
            streams.add("id: 7\ndata: {}\n\nid: 8\ndata: {}\n\n");
            assertTrue(millis(stream, LONG) < LONG.toMillis());
        }
        assertNull("the ordinary end of a stream is nothing to tell", told.poll());
    }

    @Test
    public void saysThatItBrokeTriesAgainAndSaysThatItIsBack() throws Exception {
        streams.add(new IOException("connection reset"));
        streams.add(new IOException());
        streams.add("retry: 3000\n\n");
        try (EventStream stream = new EventStream(this::open, told::add)) {
            stream.await(LONG);
            assertEquals(
                    "The stream of events broke: connection reset. Trying again; changes show later until then.",
                    told.poll());
            assertEquals("The stream of events is there again.", told.poll());
            assertNull(told.poll());
        }
    }
}
