package org.qrm.core.call;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.exec.Terminal;
import org.qrm.api.exec.TerminalSize;
import org.qrm.api.operation.CancelledException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Terminals that plug-ins opened: each ends with its plug-in. */
public final class PluginTerminals {

    private static final Logger LOG = LoggerFactory.getLogger(PluginTerminals.class);

    private final PluginCalls calls;
    private final UnaryOperator<InputStream> shown;
    private final Set<Open> open = ConcurrentHashMap.newKeySet();

    /** @param shown what of its output is shown */
    public PluginTerminals(PluginCalls calls, UnaryOperator<InputStream> shown) {
        this.calls = calls;
        this.shown = shown;
    }

    /**
     * Who opens terminals.
     *
     * @param service what is called
     * @param who the plug-in or the service, for messages
     * @param limit for each call
     * @param isThere whether the service is there now
     */
    public record Opener(Object service, String who, Duration limit, BooleanSupplier isThere) {}

    /**
     * Opens one.
     *
     * @param of whose terminal it is, for messages
     * @return to be closed by the caller
     * @throws QrmException as the opener does; UNAVAILABLE when it goes meanwhile
     */
    public Terminal open(Opener opener, String of, Callable<Terminal> opening) {
        Open terminal = new Open(opener, of, calls.call(opener.service, opener.who, opener.limit, null, work -> {
            Terminal opened = opening.call();
            try {
                work.checkpoint();
            } catch (CancelledException nobodyWaits) {
                opened.close();
                throw nobodyWaits;
            }
            return opened;
        }));
        open.add(terminal);
        if (!opener.isThere.getAsBoolean()) {
            terminal.close();
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "open the console",
                    of,
                    opener.who + " has gone meanwhile",
                    "Install and start its bundle."));
        }
        return terminal;
    }

    /** A service goes: so do the terminals that it opened. Returns at once. */
    public void gone(Object service) {
        open.stream()
                .filter(terminal -> terminal.opener.service == service)
                .forEach(terminal -> new Thread(terminal::close, "qrm-terminal-end").start());
    }

    /** One of them. */
    private final class Open implements Terminal {

        private final Opener opener;
        private final String of;
        private final Terminal opened;
        private final InputStream output;

        Open(Opener opener, String of, Terminal opened) {
            this.opener = opener;
            this.of = of;
            this.opened = opened;
            this.output = shown.apply(opened.output());
        }

        @Override
        public OutputStream input() {
            return opened.input();
        }

        @Override
        public InputStream output() {
            return output;
        }

        @Override
        public void resize(TerminalSize size) {
            tell(() -> opened.resize(size));
        }

        @Override
        public void close() {
            if (!open.remove(this)) {
                return;
            }
            try {
                tell(opened::close);
            } catch (QrmException failed) {
                LOG.warn("A terminal of {} may stay open: {}", of, failed.getMessage());
            }
        }

        private void tell(Runnable word) {
            calls.call(opener.service, opener.who, opener.limit, null, work -> {
                word.run();
                return null;
            });
        }
    }
}
