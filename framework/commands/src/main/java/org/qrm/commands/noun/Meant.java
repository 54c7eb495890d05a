package org.qrm.commands.noun;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.api.operation.Operation;
import org.qrm.commands.Answer;
import org.qrm.commands.Call;
import org.qrm.commands.Summarised;
import org.qrm.commands.VerbSketch;
import org.qrm.commands.line.Failure;

/**
 * Which things of a list a request is about, and how it goes about them.
 *
 * @param named as people name them; empty for all that the filter lets through
 * @param dryRun whether only to say what would be done
 */
record Meant<F extends Enum<F> & ListField>(List<String> named, Filter<F> filter, Many how, boolean dryRun) {

    static final String WHY = "what for; the events tell it";
    static final String AT_ONCE = "how many at the same time, 1 to 1000; 50 unless given";
    static final String MOST = "nothing is done when more are meant, 1 to 20000; 1000 unless given";

    /** What is typed, and answered by a plan when it is a dry run. */
    static VerbSketch planned(VerbSketch verb) {
        return verb.columns("name", "REFUSED=reason")
                .verdict(
                        "possible",
                        "It would be begun on {possible} of {matches}.",
                        "It would be begun on none of {matches}.",
                        Failure.REFUSED,
                        "things");
    }

    /**
     * Reads it, and tells the audit log.
     *
     * @param attempted {@code power-off resources}
     * @param named null for none
     * @param all whether all things are meant, null for no
     * @throws QrmException INVALID when it is not clear which are meant
     */
    static <F extends Enum<F> & ListField> Meant<F> of(
            Call call, String attempted, List<String> named, Filter<F> filter, Boolean all, Manner manner) {
        List<String> names = Objects.requireNonNullElse(named, List.of());
        boolean narrowed = !filter.wanted().isEmpty();
        int ways = (names.isEmpty() ? 0 : 1) + (narrowed ? 1 : 0) + (Boolean.TRUE.equals(all) ? 1 : 0);
        if (ways != 1) {
            throw QrmException.invalid(
                    attempted,
                    "",
                    ways == 0 ? "nothing says on which" : "names, filters and all of them are said together",
                    "Name some, or narrow the list by its filters, or say all: one of these.");
        }
        call.bodyWas(new Audited(
                manner.told(attempted) + ": " + (narrowed ? told(filter) : names.isEmpty() ? "all" : told(names))));
        return new Meant<>(names, filter, manner.many(call.caller().name()), manner.dry());
    }

    /**
     * What is answered.
     *
     * @param plan tells what would be done to so many at most
     * @param act does it
     */
    Answer answer(IntFunction<ManyPlan> plan, Function<Many, Operation> act) {
        return dryRun ? Answer.ok(ManyPlanView.of(plan.apply(how.most()))) : OperationView.accepted(act.apply(how));
    }

    /**
     * What of a request says how.
     *
     * @param dryRun null for no
     * @param said what else is said of all of them, as the audit log tells it: {@code by force}; may be empty
     */
    record Manner(String why, Integer atOnce, Integer most, Boolean dryRun, String said) {
        boolean dry() {
            return Boolean.TRUE.equals(dryRun);
        }

        String told(String attempted) {
            return (dry() ? "dry run: " : "")
                    + attempted
                    + (said.isEmpty() ? "" : " " + said)
                    + (why == null || why.isBlank() ? "" : " (" + why.strip() + ")");
        }

        Many many(String by) {
            return new Many(
                    by,
                    Objects.requireNonNullElse(why, "").strip(),
                    Objects.requireNonNullElse(atOnce, Many.USUAL_AT_ONCE),
                    Objects.requireNonNullElse(most, Many.USUAL_MOST));
        }
    }

    /** What the audit log keeps of it. */
    record Audited(String summary) implements Summarised {}

    private static <F extends Enum<F> & ListField> String told(Filter<F> filter) {
        return filter.wanted().entrySet().stream()
                .map(each -> each.getKey().word() + "="
                        + Name.printable(each.getValue().toString()))
                .collect(Collectors.joining(" "));
    }

    private static String told(List<String> names) {
        return names.stream().map(Name::printable).collect(Collectors.joining(" "));
    }
}
