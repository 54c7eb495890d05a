package org.qrm.login.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.naming.CommunicationException;
import javax.naming.ServiceUnavailableException;
import org.qrm.api.Name;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of the site's directory, if it has one. A directory that does not answer costs a login the time that the
 * settings have, and the logins of the next seconds none: others wait for their turn behind them.
 */
final class DirectoryUsers {

    /** What may be asked for; nothing in it means anything in a filter or a DN. */
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryUsers.class);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(15);
    private static final int AT_ONCE = 8;
    /** Of what is wrong: a path, and what to do. */
    private static final int LONGEST = 400;

    private final InstantSource clock;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DirectoryUsers::thread);

    /** The settings under which the directory did not answer, so that others are tried at once; null when it did. */
    private DirectorySettings silent;

    private long silentUntil;

    DirectoryUsers(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What a user of the directory may do.
     *
     * @param file settings of the directory
     * @return empty for a wrong name or password, and without a directory
     * @throws IOException when nobody can tell now; the log has why
     */
    Optional<Set<Role>> rolesOf(Path file, String name, char[] password) throws IOException {
        try {
            Optional<DirectorySettings> settings = DirectorySettings.read(file);
            if (settings.isEmpty() || !NAME.matcher(name).matches() || password.length == 0) {
                return Optional.empty();
            }
            refuseWhileSilent(settings.get());
            return ask(settings.get(), name, password);
        } catch (StillSilent e) {
            throw e;
        } catch (IOException e) {
            LOG.error("Users of the directory cannot log in ({}): {}", file, e.getMessage());
            throw e;
        }
    }

    private Optional<Set<Role>> ask(DirectorySettings settings, String name, char[] password) throws IOException {
        Future<Optional<Set<Role>>> answer;
        char[] copy = password.clone();
        try {
            answer = threads.submit(() -> new Directory(settings).rolesOf(name, copy));
        } catch (RejectedExecutionException e) {
            throw new IOException("too many ask it at once", e);
        }
        try {
            return answer.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw leftAlone(
                    settings, "it has not answered for " + settings.patience().toSeconds() + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw failed(settings, e.getCause());
        }
    }

    private IOException failed(DirectorySettings settings, Throwable cause) {
        if (cause instanceof CommunicationException || cause instanceof ServiceUnavailableException) {
            return leftAlone(settings, "it cannot be reached: " + reason(cause), cause);
        }
        return new IOException(reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        Throwable last = cause;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String first = Name.printable(String.valueOf(cause.getMessage()), LONGEST);
        return last == cause ? first : first + ": " + Name.printable(String.valueOf(last.getMessage()), LONGEST);
    }

    private synchronized IOException leftAlone(DirectorySettings settings, String why, Throwable cause) {
        silent = settings;
        silentUntil = clock.millis() + LEFT_ALONE.toMillis();
        return new IOException(
                String.join(" ", settings.urls()) + ": " + why + "; it is asked again in " + LEFT_ALONE.toSeconds()
                        + " s",
                cause);
    }

    private synchronized void refuseWhileSilent(DirectorySettings settings) throws StillSilent {
        if (settings.equals(silent) && clock.millis() < silentUntil) {
            throw new StillSilent();
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "qrm-directory");
        thread.setDaemon(true);
        return thread;
    }

    /** The log has said already why. */
    private static final class StillSilent extends IOException {
        private static final long serialVersionUID = 1L;

        StillSilent() {
            super("the directory did not answer a moment ago");
        }
    }
}
