package org.qrm.api.event;

import java.time.Instant;
import java.util.List;

/**
 * What is wrong at present, and how much of it: all warnings and worse of one type that are not over and that nobody has seen.
 *
 * @param type the type that they share, resource.silent say
 * @param priority of the worst
 * @param events how many there are, 1 or more
 * @param subjects how many things they are about, 1 or more
 * @param since the time of the first
 * @param newest the last of them
 * @param examples what the newest are about, at most 3, newest first
 * @param inCommon what many of these machines have in common, and few others; at most 3, what the most have first
 */
public record Alert(
        String type,
        Priority priority,
        long events,
        long subjects,
        Instant since,
        Event newest,
        List<String> examples,
        List<InCommon> inCommon) {

    public Alert {
        examples = List.copyOf(examples);
        inCommon = List.copyOf(inCommon);
    }

    /** Nobody has looked what they have in common. */
    public Alert(
            String type,
            Priority priority,
            long events,
            long subjects,
            Instant since,
            Event newest,
            List<String> examples) {
        this(type, priority, events, subjects, since, newest, examples, List.of());
    }

    public Alert with(List<InCommon> common) {
        return new Alert(type, priority, events, subjects, since, newest, examples, common);
    }
}
