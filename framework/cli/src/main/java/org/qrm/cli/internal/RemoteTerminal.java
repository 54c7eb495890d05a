package org.qrm.cli.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.qrm.commands.line.Failure;

/** A terminal of the server at the one of this program, until it ends or the person leaves it. */
final class RemoteTerminal {

    /** Ctrl-], as telnet and xl have it. */
    private static final char ESCAPE = 0x1d;

    private static final int LOOK_SECONDS = 1;
    private static final int MOST_TYPED = 10_000;

    private final Session session;
    /** Done when it has ended, or was left; failed when the server is of no help any more. */
    private final CompletableFuture<String> over = new CompletableFuture<>();

    RemoteTerminal(Session session) {
        this.session = session;
    }

    /**
     * @param path where the interface opens it
     * @param what it is, for people
     */
    int run(String path, String what) {
        Rest rest = session.rest();
        // where there is no terminal, none is opened
        LocalTerminal local = LocalTerminal.ofThisProcess();
        Thread atTheLast = new Thread(local::close);
        Runtime.getRuntime().addShutdownHook(atTheLast);
        try {
            local.makeRaw();
            LocalTerminal.Size size = local.size();
            say("Opening " + what + ". Ctrl-] leaves it.");
            String opened =
                    "/terminals/" + rest.post(path, body(size)).path("id").asText();
            Thread hangUp = new Thread(() -> close(rest, opened));
            Runtime.getRuntime().addShutdownHook(hangUp);
            try {
                begin(() -> show(rest, opened));
                begin(() -> type(rest, opened));
                String why = await(rest, opened, local, size);
                say("");
                say(why);
                return 0;
            } finally {
                close(rest, opened);
                forget(hangUp);
            }
        } finally {
            local.close();
            forget(atTheLast);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException atWork) {
            // a signal has ended this program already, and the hook does its part
            return;
        }
    }

    private void begin(Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException failed) {
                over.completeExceptionally(failed);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Follows the size of the window meanwhile: Java hears of no signal that tells it. */
    private String await(Rest rest, String opened, LocalTerminal local, LocalTerminal.Size first) {
        LocalTerminal.Size told = first;
        while (true) {
            try {
                return over.get(LOOK_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException goesOn) {
                LocalTerminal.Size now = local.size();
                if (!now.equals(told)) {
                    rest.post(opened + "/size", body(now));
                    told = now;
                }
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof Failure failure ? failure : new IllegalStateException(failed);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return "Interrupted.";
            }
        }
    }

    private void show(Rest rest, String opened) {
        PrintStream out = session.out();
        JsonNode output;
        long from = 0;
        do {
            output = rest.get(opened + "/output?from=" + from);
            byte[] bytes = Base64.getDecoder().decode(output.path("data").asText());
            out.write(bytes, 0, bytes.length);
            out.flush();
            from = output.path("next").asLong();
        } while (!output.path("ended").asBoolean());
        over.complete("It has ended.");
    }

    private void type(Rest rest, String opened) {
        Reader keys = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        char[] typed = new char[MOST_TYPED];
        try {
            for (int n = keys.read(typed); n >= 0; n = keys.read(typed)) {
                String text = new String(typed, 0, n);
                int leaves = text.indexOf(ESCAPE);
                String before = leaves < 0 ? text : text.substring(0, leaves);
                if (!before.isEmpty()) {
                    rest.post(opened + "/input", Rest.JSON.createObjectNode().put("text", before));
                }
                if (leaves >= 0) {
                    over.complete("You have left it.");
                    return;
                }
            }
        } catch (IOException gone) {
            over.completeExceptionally(new Failure(Failure.FAILED, "This terminal is gone: " + gone.getMessage()));
            return;
        }
        over.complete("This terminal has ended.");
    }

    private static void close(Rest rest, String opened) {
        try {
            rest.delete(opened);
        } catch (Failure closedAlready) {
            // the server closes what nobody looks at
            return;
        }
    }

    /** Raw, a terminal does not go back to the beginning of the line by itself. */
    private void say(String line) {
        session.out().print(line + "\r\n");
        session.out().flush();
    }

    private static ObjectNode body(LocalTerminal.Size size) {
        return Rest.JSON.createObjectNode().put("columns", size.columns()).put("rows", size.rows());
    }
}
