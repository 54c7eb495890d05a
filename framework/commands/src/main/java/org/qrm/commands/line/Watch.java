package org.qrm.commands.line;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Shows something again and again, as it changes: at a terminal always the whole, elsewhere a line for each change. It looks
 * when something happens at the server, and now and then, since not all that changes is told as an event.
 */
final class Watch {

    private static final Duration USUAL = Duration.ofSeconds(5);
    /** Progress is no event. */
    private static final Duration OF_WORK = Duration.ofSeconds(1);
    /** What happens in a storm is shown a few times a second. */
    private static final Duration STEADY = Duration.ofMillis(250);

    private static final int LONGEST_WAIT = 10;

    private final Far far;
    private final Screen screen;
    private final Supplier<JsonNode> look;
    private final Duration period;

    /** @param path of what is looked at */
    Watch(Far far, Screen screen, String path, Supplier<JsonNode> look) {
        this.far = far;
        this.screen = screen;
        this.look = look;
        this.period = path.startsWith("/operations") ? OF_WORK : USUAL;
    }

    /** Returns when the thread is interrupted, which is Ctrl-C at the Karaf console; {@code bin/qrm} ends by it. */
    int show(Consumer<JsonNode> drawing) {
        int failures = 0;
        try (Happenings happenings = far.happenings(screen::say)) {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    drawing.accept(look.get());
                    if (failures > 0) {
                        screen.say("The server answers again.");
                    }
                    failures = 0;
                } catch (Failure e) {
                    failures = again(e, failures);
                }
                Thread.sleep(STEADY.toMillis());
                happenings.await(failures > 0 ? Duration.ofSeconds(Math.min(failures, LONGEST_WAIT)) : period);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** A server that is away may come back; what it refuses, it refuses the next time, too. */
    private int again(Failure failure, int before) {
        if (failure.status() != Failure.UNREACHABLE) {
            throw failure;
        }
        if (before == 0) {
            screen.say(failure.getMessage() + " Trying again.");
        }
        return before + 1;
    }

    /** One thing: the whole at a terminal, else a line for each field that has another value. */
    static Consumer<JsonNode> item(Screen screen) {
        Map<String, String> known = new LinkedHashMap<>();
        return item -> {
            if (screen.redraws()) {
                screen.redraw(drawn -> drawn.item(item));
                return;
            }
            Map<String, String> now = screen.fields(item);
            boolean changed = known.isEmpty() || !now.equals(known);
            if (changed && screen.json()) {
                screen.line(item);
            } else if (changed) {
                now.forEach((field, value) -> {
                    if (!value.equals(known.get(field))) {
                        screen.text(field + "  " + value);
                    }
                });
            }
            known.clear();
            known.putAll(now);
        };
    }
}
