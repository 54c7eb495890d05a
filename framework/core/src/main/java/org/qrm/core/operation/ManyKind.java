package org.qrm.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.event.Priority;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.OperationPart;
import org.qrm.api.operation.PartState;
import org.qrm.core.operation.Step.Outcome;
import org.qrm.core.store.Change;
import org.qrm.core.store.Database;

/**
 * The same done to many things: an operation for each, so many at a time, or a change at once. Each thing is a row; it leaves the queue in
 * the transaction that begins it, so none is begun twice, whatever becomes of the server.
 */
public final class ManyKind implements OperationKind {

    /** The parts end by their own deadlines; this ends what is left of a very long row of them. */
    private static final Duration LIMIT = Duration.ofDays(7);

    private static final Duration QUICK = Duration.ofMillis(200);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final int BATCH = 100;
    private static final int NAMED = 5;
    private static final int LOGGED = 100;

    private final OperationEngine engine;
    private final String name;
    private final String doing;
    private final Each each;

    /** @param subject {@code resource/17} */
    public record Thing(String subject, String name) {}

    /** How it was asked for: the parameters of such an operation have these at least. */
    public record Asked(String by, String why, int atOnce) {}

    /** What is done to each. */
    @FunctionalInterface
    public interface Each {
        /**
         * Begins one, by one transaction.
         *
         * @throws QrmException when it is refused; nothing is changed then
         */
        void begin(Work work, Thing thing, Beginning transaction);
    }

    /** The transaction that begins one, and takes it out of the queue. */
    @FunctionalInterface
    public interface Beginning {
        /** @param change answers the operation that carries it out; empty when it is done */
        void in(Function<Change, OptionalLong> change);
    }

    /**
     * A kind of such operations.
     *
     * @param name {@code resources.power-off}
     * @param doing as a verb phrase about one: {@code switch off resource}
     */
    public ManyKind(OperationEngine engine, String name, String doing, Each each) {
        this.engine = engine;
        this.name = name;
        this.doing = doing;
        this.each = each;
    }

    /**
     * Asks for it, as part of a change.
     *
     * @param noun what they are, {@code resources}
     * @param parameters has what {@link Asked} has
     * @param meant which those are, for the event
     * @return the operation's id
     */
    public long submit(Change change, String noun, Record parameters, Many how, List<Thing> things, String meant) {
        long id = engine.submit(change, name, noun, parameters, List.of("many/" + UUID.randomUUID()));
        PartRows.insert(change.handle(), id, things);
        change.event(
                Priority.INFO,
                "many.asked",
                noun,
                how.by() + " asks to " + doing + "s: " + things.size() + " (" + meant + "), operation " + id
                        + because(how.why()),
                null);
        return id;
    }

    private static String because(String why) {
        return why.isBlank() ? "" : ": " + why;
    }

    /** As an event of one of the things tells of it. */
    public String told(Work work, Thing thing) {
        Asked asked = work.parameters(Asked.class);
        return asked.by() + " asks to " + doing + " " + thing.name() + ", with others (operation " + work.operation()
                + ")" + because(asked.why());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Step> steps() {
        return List.of(new Step("each", LIMIT, this::run));
    }

    private Outcome run(Work work) {
        boolean moved = settle(work);
        int atOnce = work.parameters(Asked.class).atOnce();
        Map<PartState, Integer> counts = counts(work);
        while (counts.containsKey(PartState.QUEUED)) {
            int room = atOnce - counts.getOrDefault(PartState.RUNNING, 0);
            List<PartRows.Row> next = room <= 0
                    ? List.of()
                    : work.read(handle -> PartRows.queued(handle, work.operation(), Math.min(room, BATCH)));
            if (next.isEmpty()) {
                break;
            }
            for (PartRows.Row row : next) {
                work.checkpoint();
                begin(work, row);
            }
            moved = true;
            settle(work);
            counts = counts(work);
            tell(work, counts);
        }
        tell(work, counts);
        if (counts.containsKey(PartState.QUEUED) || counts.containsKey(PartState.RUNNING)) {
            return work.lookAgainIn(moved ? QUICK : QUIET);
        }
        if (counts.keySet().equals(Set.of(PartState.DONE))) {
            return Outcome.DONE;
        }
        throw failed(work, counts);
    }

    private static Map<PartState, Integer> counts(Work work) {
        return work.read(handle -> PartRows.counts(handle, work.operation()));
    }

    private void begin(Work work, PartRows.Row row) {
        Thing thing = new Thing(row.part().subject(), row.part().name());
        try {
            each.begin(
                    work,
                    thing,
                    change -> work.change(open -> {
                        open.isOf(work.operation());
                        OptionalLong carriedBy = change.apply(open);
                        boolean there = PartRows.begin(
                                open.handle(),
                                work.operation(),
                                row.place(),
                                carriedBy.isPresent() ? carriedBy.getAsLong() : null);
                        if (!there) {
                            throw new FencedException(work.operation());
                        }
                        return null;
                    }));
        } catch (QrmException refused) {
            Database.throwIfLost(refused);
            String reason = refused.problem().reason();
            work.change(change -> {
                end(work, change, row.place(), thing.name(), PartState.REFUSED, reason);
                return null;
            });
        }
    }

    /** Notes what became of those whose operations have ended; false when none has. */
    private static boolean settle(Work work) {
        List<PartRows.Ended> ended = work.read(handle -> PartRows.ended(handle, work.operation()));
        if (ended.isEmpty()) {
            return false;
        }
        work.change(change -> {
            for (PartRows.Ended part : ended) {
                PartState state = switch (part.state()) {
                    case FAILED -> PartState.FAILED;
                    case CANCELLED -> PartState.CANCELLED;
                    default -> PartState.DONE;
                };
                end(work, change, part.place(), part.name(), state, part.reason());
            }
            return null;
        });
        return true;
    }

    private static void end(Work work, Change change, int place, String name, PartState state, String reason) {
        if (state != PartState.DONE && !PartRows.haveFailed(change.handle(), work.operation(), LOGGED)) {
            OperationRows.log(change.handle(), work.operation(), name + ": " + reason);
        }
        PartRows.end(change.handle(), work.operation(), place, state, reason);
    }

    private static void tell(Work work, Map<PartState, Integer> counts) {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        int open = counts.getOrDefault(PartState.QUEUED, 0) + counts.getOrDefault(PartState.RUNNING, 0);
        work.progress(all == 0 ? 1 : (double) (all - open) / all, sentence(counts));
    }

    /** {@code 37 of 120 done, 2 failed, 1 refused}. */
    private static String sentence(Map<PartState, Integer> counts) {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        StringBuilder text = new StringBuilder(counts.getOrDefault(PartState.DONE, 0) + " of " + all + " done");
        for (PartState state : List.of(PartState.FAILED, PartState.REFUSED, PartState.CANCELLED)) {
            if (counts.containsKey(state)) {
                text.append(", ")
                        .append(counts.get(state))
                        .append(' ')
                        .append(state.name().toLowerCase(Locale.ROOT));
            }
        }
        return text.toString();
    }

    private QrmException failed(Work work, Map<PartState, Integer> counts) {
        List<PartRows.Row> first = work.read(handle -> PartRows.failed(handle, work.operation(), NAMED + 1));
        String which = first.stream()
                .limit(NAMED)
                .map(PartRows.Row::part)
                .map(ManyKind::told)
                .collect(Collectors.joining("; "));
        return QrmException.failed(
                doing + "s",
                "",
                sentence(counts) + ": " + which + (first.size() > NAMED ? "; and others" : ""),
                "Its parts tell of each.",
                null);
    }

    private static String told(OperationPart part) {
        return part.name() + ": " + part.reason();
    }

    /** What is at work is asked to end, and what is not begun is not. */
    @Override
    public void undo(Work work, Problem why) {
        List<Long> atWork = work.read(handle -> PartRows.atWork(handle, work.operation()));
        atWork.forEach(engine::cancel);
        // those that had ended before they were asked to
        settle(work);
        work.change(change -> {
            PartRows.cancelAll(
                    change.handle(),
                    work.operation(),
                    "it was at work, and asked to end; its own operation tells what became of it",
                    "it was not begun");
            return null;
        });
    }
}
