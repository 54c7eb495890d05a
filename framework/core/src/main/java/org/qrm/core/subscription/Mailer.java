package org.qrm.core.subscription;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.qrm.api.Name;
import org.qrm.api.event.Event;
import org.qrm.api.subscription.MailAddresses;
import org.qrm.api.subscription.SubscriptionSpec;
import org.qrm.core.subscription.SmtpConversation.Refused;
import org.qrm.core.subscription.SmtpConversation.Reply;

/**
 * Sends events by mail, what happened within a short time in one. A mail server that is slow costs a thread of its own, until its time is
 * over; of each subscription one mail is under way.
 */
final class Mailer implements Channel {

    private static final int MOST = 50;
    private static final int LONGEST_WORDS = 200;
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    private final SSLContext trusting;
    private final Names names;
    private final ScheduledExecutorService timer;
    private final Supplier<String> origin;
    private final Clock clock;
    private final Pace pace;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "qrm-mail");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * How long all takes.
     *
     * @param whole for a mail, from the first look at the server's name
     */
    record Pace(Duration whole, Duration gathers, Duration rests) {}

    /**
     * @param timer ends what takes too long
     * @param origin tells the events of this log from those of others
     */
    Mailer(
            SSLContext trusting,
            Names names,
            ScheduledExecutorService timer,
            Supplier<String> origin,
            Clock clock,
            Pace pace) {
        this.trusting = trusting;
        this.names = names;
        this.timer = timer;
        this.origin = origin;
        this.clock = clock;
        this.pace = pace;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public Duration gathers() {
        return pace.gathers();
    }

    @Override
    public Duration rests() {
        return pace.rests();
    }

    @Override
    public CompletionStage<Outcome> send(SubscriptionSpec to, String secret, List<Event> events) {
        URI target = URI.create(to.target());
        Attempt attempt = new Attempt(target, to.mail(), secret);
        CompletableFuture<Outcome> sent = names.of(attempt.host)
                .thenApplyAsync(
                        addresses -> attempt.send(
                                addresses, Letter.of(origin.get(), to.name(), to.mail(), events, clock.instant())),
                        threads)
                .exceptionally(attempt::why);
        // it ends when its time is over, whatever the thread is still waiting for
        CompletableFuture<Outcome> inTime = sent.copy();
        ScheduledFuture<?> end;
        try {
            end = timer.schedule(
                    () -> {
                        inTime.complete(late());
                        attempt.end();
                    },
                    pace.whole().toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(Outcome.failed(0, "the server stops"));
        }
        return inTime.whenComplete((outcome, never) -> end.cancel(false));
    }

    private Outcome late() {
        return Outcome.failed(0, "the mail was not taken within " + pace.whole().toSeconds() + " s");
    }

    @Override
    public void close() {
        threads.shutdown();
        open.forEach(Mailer::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // so it is
        }
    }

    /** One mail. */
    private final class Attempt {
        private final URI target;
        private final String host;
        private final MailAddresses addresses;
        private final String secret;
        private volatile Socket socket;
        private volatile boolean ended;

        Attempt(URI target, MailAddresses addresses, String secret) {
            this.target = target;
            this.host = target.getHost().replaceAll("[\\[\\]]", "");
            this.addresses = addresses;
            this.secret = secret;
        }

        /** Whoever waits for the server waits no longer. */
        void end() {
            ended = true;
            Socket now = socket;
            if (now != null) {
                close(now);
            }
        }

        Outcome send(List<InetAddress> found, Letter letter) {
            if (!addresses.login().isEmpty() && secret == null) {
                return Outcome.failed(0, "it has a user, and no password: set its secret");
            }
            try (Socket connected = connect(found)) {
                return converse(new SmtpConversation(host, connected), letter);
            } catch (IOException failed) {
                return why(failed);
            } finally {
                Socket now = socket;
                if (now != null) {
                    open.remove(now);
                }
            }
        }

        private Socket connect(List<InetAddress> found) throws IOException {
            IOException last = new UnknownHostException(host);
            for (InetAddress each : found) {
                Socket made = new Socket();
                socket = made;
                open.add(made);
                try {
                    if (ended || threads.isShutdown()) {
                        throw new SocketException("ended");
                    }
                    made.connect(new InetSocketAddress(each, Target.port(target)), (int) CONNECTING.toMillis());
                    made.setSoTimeout((int) pace.whole().toMillis());
                    return made;
                } catch (IOException failed) {
                    open.remove(made);
                    close(made);
                    last = failed;
                }
            }
            throw last;
        }

        private Outcome converse(SmtpConversation with, Letter letter) throws IOException {
            if (Target.isTlsFromTheStart(target)) {
                with.encrypt(trusting);
            }
            with.greeted();
            with.hello();
            if (Target.isStartTls(target)) {
                with.startTls();
                with.encrypt(trusting);
                with.hello();
            }
            if (!addresses.login().isEmpty()) {
                with.logIn(addresses.login(), secret);
            }
            with.from(addresses.sender());
            List<String> refused = new ArrayList<>();
            for (String each : addresses.recipients()) {
                Optional<Reply> against = with.to(each);
                if (against.isPresent() && against.get().passes()) {
                    throw new Refused("it does not take mail for " + each + " now", against.get());
                }
                against.ifPresent(reply -> refused.add(each + ": " + said(reply)));
            }
            String partly = String.join("; ", refused);
            if (refused.size() == addresses.recipients().size()) {
                return Outcome.failed(0, "it takes mail for none of them: " + Name.printable(partly, LONGEST_WORDS));
            }
            Reply taken = with.data(letter.text());
            try {
                with.quit();
            } catch (IOException alreadyGone) {
                // it has the mail
            }
            return new Outcome(taken.code(), "", false, partly);
        }

        private Outcome why(Throwable failed) {
            Throwable cause =
                    failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
            if (cause instanceof RejectedExecutionException || threads.isShutdown()) {
                return Outcome.failed(0, "the server stops");
            }
            if (ended || cause instanceof SocketTimeoutException) {
                return late();
            }
            if (cause instanceof Refused refused) {
                Reply reply = refused.reply();
                return Outcome.failed(
                        reply.code(), refused.getMessage() + (reply.code() == 0 ? "" : ": " + said(reply)));
            }
            if (cause instanceof UnknownHostException) {
                return Outcome.failed(0, "its host has no address");
            }
            if (cause instanceof SSLException) {
                return Outcome.failed(0, "TLS with it failed: " + words(cause));
            }
            if (cause instanceof ConnectException) {
                return Outcome.failed(0, "nothing listens there");
            }
            return Outcome.failed(
                    0, cause instanceof EOFException ? "it hung up" : "the connection broke: " + words(cause));
        }

        /** A server that repeats the password is not quoted. */
        private String said(Reply reply) {
            boolean tells = secret != null
                    && Stream.of(secret, base64(secret), base64("\0" + addresses.login() + "\0" + secret))
                            .anyMatch(reply.text()::contains);
            String text = tells ? "" : Name.printable(reply.text().replace('\n', ' '), LONGEST_WORDS);
            return (reply.code() + " " + text).strip();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8))
                .replace("=", "");
    }

    private static String words(Throwable failure) {
        String said = failure.getMessage();
        return Name.printable(said == null ? failure.getClass().getSimpleName() : said, LONGEST_WORDS);
    }
}
