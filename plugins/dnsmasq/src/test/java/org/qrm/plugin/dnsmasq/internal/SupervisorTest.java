package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.QrmException;

public class SupervisorTest {

    private static final NetworkSettings PROXY = NetworkSettings.parse(Map.of("mode", "proxy", "interface", "eth1"));

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Child> started = new LinkedBlockingQueue<>();
    private volatile String program = "exec sleep 1000";
    private volatile int refusals;

    private final Supervisor supervisor = new Supervisor(
            new Starter() {
                @Override
                public Child start(NetworkSettings settings) throws IOException {
                    if (refusals > 0) {
                        refusals--;
                        throw QrmException.refused("start", "dnsmasq", "it must not", "");
                    }
                    Child child = new Child(new ProcessBuilder("sh", "-c", program)
                            .redirectErrorStream(true)
                            .start());
                    started.add(child);
                    return child;
                }

                @Override
                public void ended() {
                    heard.add("ended");
                }
            },
            new Supervisor.Observer() {
                @Override
                public void running() {
                    heard.add("running");
                }

                @Override
                public void failed(String reason) {
                    heard.add(reason);
                }
            },
            Duration.ofMillis(1),
            Duration.ofMillis(5));

    @After
    public void close() {
        supervisor.close();
        started.forEach(child -> assertFalse(child.alive()));
    }

    @Test
    public void runsNothingUntilSomethingIsWanted() {
        assertEquals(Supervisor.State.OFF, supervisor.status().state());
    }

    @Test
    public void endsTheChildBeforeItSaysThatItIsOff() throws InterruptedException {
        supervisor.want(PROXY);
        hear("running");
        supervisor.off();
        assertFalse(started.take().alive());
        assertEquals(Supervisor.State.OFF, supervisor.status().state());
    }

    @Test
    public void startsAgainWhatEndedAndTellsItsLastWords() throws InterruptedException {
        program = "echo cannot bind; exit 3";
        supervisor.want(PROXY);
        hear("running");
        hear("ended");
        hear("it ended with status 3, saying: cannot bind");
        hear("running");
    }

    @Test
    public void tellsARefusalOnceAndTriesAgain() throws InterruptedException {
        refusals = 5;
        supervisor.want(PROXY);
        hear("Cannot start \"dnsmasq\": it must not.");
        hear("running");
    }

    @Test
    public void restartsInPlaceWhenSomethingElseIsWanted() throws InterruptedException {
        supervisor.want(PROXY);
        hear("running");
        supervisor.want(NetworkSettings.parse(Map.of("mode", "proxy", "interface", "eth2")));
        hear("ended");
        hear("running");
        assertFalse(started.take().alive());
    }

    private void hear(String expected) throws InterruptedException {
        assertEquals(expected, heard.poll(30, TimeUnit.SECONDS));
    }
}
