package org.qrm.plugin.simulator.internal.machine;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Measures what the server can do: as many boot configurations, or registrations of ever new machines, as it answers on a
 * few connections that live on.
 */
final class Load {

    private final URI server;
    private final int connections;
    private final Duration time;
    private final boolean registering;
    private final AtomicInteger next;
    private final int last;
    private final String hostKey = HostKey.generate();
    private final ConcurrentLinkedQueue<long[]> latencies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    /** One answered request after another, of one connection. */
    private interface Work extends AutoCloseable {
        /** How long the measured part took for that machine, in nanoseconds. */
        long once(MachineIdentity machine) throws IOException;

        @Override
        void close() throws IOException;
    }

    /**
     * @param first number of the first machine
     * @param last of the last, after which it ends although there is time
     */
    Load(URI server, int connections, Duration time, boolean registering, int first, int last) {
        this.server = server;
        this.connections = connections;
        this.time = time;
        this.registering = registering;
        this.next = new AtomicInteger(first);
        this.last = last;
    }

    /** Runs, prints what came of it, and returns the exit status. */
    int run() throws InterruptedException {
        long began = System.nanoTime();
        long end = began + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> work(end));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        print((System.nanoTime() - began) / 1e9);
        return failures.isEmpty() ? 0 : 1;
    }

    private void work(long end) {
        long[] nanos = new long[1024];
        int count = 0;
        try (Work work = registering ? new Registrations() : new Configurations()) {
            int number = next.getAndIncrement();
            while (System.nanoTime() < end && number <= last) {
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = work.once(MachineIdentity.node(number));
                number = next.getAndIncrement();
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
        latencies.add(Arrays.copyOf(nanos, count));
    }

    private void print(double seconds) {
        long[] all = latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        if (all.length > 0) {
            System.out.printf(
                    "%d in %.0f s on %d connections: %.0f a second; milliseconds: median %.1f, 95 %% %.1f, 99 %% %.1f, most %.1f%n",
                    all.length,
                    seconds,
                    connections,
                    all.length / seconds,
                    all[all.length / 2] / 1e6,
                    all[all.length * 95 / 100] / 1e6,
                    all[all.length * 99 / 100] / 1e6,
                    all[all.length - 1] / 1e6);
        }
        failures.stream().distinct().limit(5).forEach(System.err::println);
    }

    private LeanConnection plain() throws IOException {
        return new LeanConnection(new Socket(server.getHost(), server.getPort()));
    }

    private static String path(MachineIdentity machine) {
        return "/boot/pxelinux.cfg/01-" + machine.mac().replace(':', '-');
    }

    private static String configuration(LeanConnection connection, MachineIdentity machine) throws IOException {
        LeanConnection.Answer answer = connection.get(path(machine));
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    private final class Configurations implements Work {

        private final LeanConnection connection = plain();

        private Configurations() throws IOException {}

        @Override
        public long once(MachineIdentity machine) throws IOException {
            long begin = System.nanoTime();
            configuration(connection, machine);
            return System.nanoTime() - begin;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /** Fetches a configuration for its token, then registers; the registration alone is measured. */
    private final class Registrations implements Work {

        private final LeanConnection connection = plain();
        private LeanConnection secure;

        private Registrations() throws IOException {}

        @Override
        public long once(MachineIdentity machine) throws IOException {
            LoaderConfiguration configuration = LoaderConfiguration.parse(configuration(connection, machine));
            if (secure == null) {
                secure = connect(configuration);
            }
            String body = new RegistrationText(
                            machine, MachineProfile.DEFAULT, UUID.randomUUID().toString(), hostKey)
                    .text(configuration.required("qrm.token"), configuration.required("qrm.image"))
                    .toString();
            long begin = System.nanoTime();
            LeanConnection.Answer answer = secure.post("/node/v1/register", body);
            if (answer.status() != 200) {
                throw new IOException("status " + answer.status() + ": " + answer.body());
            }
            return System.nanoTime() - begin;
        }

        private LeanConnection connect(LoaderConfiguration configuration) throws IOException {
            URI https = URI.create(configuration.required("qrm.server"));
            SSLContext trust = Wire.trust(
                    connection.get("/boot/ca.pem").body().getBytes(StandardCharsets.US_ASCII),
                    configuration.required("qrm.ca"));
            return new LeanConnection(trust.getSocketFactory().createSocket(https.getHost(), https.getPort()));
        }

        @Override
        public void close() throws IOException {
            connection.close();
            if (secure != null) {
                secure.close();
            }
        }
    }
}
