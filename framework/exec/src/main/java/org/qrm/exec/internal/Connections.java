package org.qrm.exec.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.qrm.api.exec.SshHost;

/**
 * Connections that are open, for the next command to use. One carries at most {@value #COMMANDS_EACH} commands at a time
 * (sshd takes 10 by default), is closed when it has been idle for a minute, and is replaced when it broke.
 */
final class Connections {

    static final int COMMANDS_EACH = 8;
    static final int MOST = 256;
    static final Duration IDLE = Duration.ofSeconds(60);

    /** Makes a connection. */
    interface Dialer {
        ClientSession dial(SshHost host) throws IOException;
    }

    private final Dialer dialer;
    private final Map<SshHost, Destination> destinations = new HashMap<>();

    Connections(Dialer dialer) {
        this.dialer = dialer;
    }

    /** A place on a connection; blocks while one is made, which an interrupt ends. */
    Lease lease(SshHost host) throws IOException {
        Destination destination = enter(host);
        try {
            // One at a time: sshd drops connections at random when many log in at once (MaxStartups).
            destination.dialing.lockInterruptibly();
            try {
                Lease free = free(destination);
                return free != null ? free : added(destination, dialer.dial(host));
            } finally {
                destination.dialing.unlock();
            }
        } catch (InterruptedException interrupt) {
            throw new InterruptedIOException("interrupted");
        } finally {
            leave(destination);
        }
    }

    /** Closes what has been idle for long; everything, when {@code idle} is negative. */
    synchronized void close(Duration idle) {
        long now = System.nanoTime();
        for (Destination destination : destinations.values()) {
            destination.open.removeIf(connection -> connection.closedAfter(idle, now));
        }
        destinations.values().removeIf(destination -> destination.users == 0 && destination.open.isEmpty());
    }

    /** How many are open. */
    synchronized int size() {
        return destinations.values().stream().mapToInt(d -> d.open.size()).sum();
    }

    private synchronized Destination enter(SshHost host) {
        Destination destination = destinations.computeIfAbsent(host, h -> new Destination());
        destination.users++;
        return destination;
    }

    private synchronized void leave(Destination destination) {
        destination.users--;
    }

    private synchronized Lease free(Destination destination) {
        for (Iterator<Connection> each = destination.open.iterator(); each.hasNext(); ) {
            Connection connection = each.next();
            if (!connection.session.isOpen()) {
                each.remove();
            } else if (connection.commands < COMMANDS_EACH) {
                return new Lease(this, connection, true);
            }
        }
        return null;
    }

    private synchronized Lease added(Destination destination, ClientSession session) {
        Connection connection = new Connection(session);
        destination.open.add(connection);
        return new Lease(this, connection, false);
    }

    private static final class Destination {
        private final ReentrantLock dialing = new ReentrantLock();
        private final List<Connection> open = new ArrayList<>();
        private int users;
    }

    private static final class Connection {
        private final ClientSession session;
        private int commands;
        private long lastUsed;

        Connection(ClientSession session) {
            this.session = session;
        }

        boolean closedAfter(Duration idle, long now) {
            boolean over = !session.isOpen() || idle.isNegative() || commands == 0 && now - lastUsed > idle.toNanos();
            if (over) {
                session.close(idle.isNegative());
            }
            return over;
        }
    }

    /** One command's place on a connection, until it is released. */
    static final class Lease {
        private final Connections owner;
        private final Connection connection;
        private final boolean used;
        private boolean released;

        private Lease(Connections owner, Connection connection, boolean used) {
            this.owner = owner;
            this.connection = connection;
            this.used = used;
            connection.commands++;
        }

        ClientSession session() {
            return connection.session;
        }

        /** Whether others used the connection before, so that it may have broken since. */
        boolean used() {
            return used;
        }

        void release() {
            synchronized (owner) {
                if (!released) {
                    released = true;
                    connection.commands--;
                    connection.lastUsed = System.nanoTime();
                }
            }
        }

        /** Gives the place back and closes the connection, which does not answer. */
        void discard() {
            release();
            connection.session.close(true);
        }
    }
}
