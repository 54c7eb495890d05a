package org.qrm.core.operation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Name;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.operation.Many;
import org.qrm.api.operation.ManyPlan;
import org.qrm.core.store.Listing;

/**
 * Which things an operation on many is about.
 *
 * @param attempt a verb phrase about one: {@code switch off resource}
 * @param noun what one is
 * @param named as people name them; empty for all that the filter lets through
 * @param most more are refused
 */
public record Meaning<F extends Enum<F> & ListField>(
        String attempt, String noun, List<String> named, Filter<F> filter, int most) {

    /**
     * Their rows: in the order in which they are named, each once, or in that of the list.
     *
     * @param byName finds rows by what was said
     * @param id tells a row from the others
     * @throws QrmException NOT_FOUND when one that is named is not there; REFUSED when there are too many
     */
    public <R> List<R> rows(
            Handle handle,
            Listing<R, F> list,
            BiFunction<Handle, List<String>, Map<String, R>> byName,
            Function<R, ?> id) {
        return named.isEmpty() ? filtered(handle, list) : found(byName.apply(handle, named), id);
    }

    private <R> List<R> found(Map<String, R> found, Function<R, ?> id) {
        refuseMore(named.size());
        Map<Object, R> once = new LinkedHashMap<>();
        for (String name : named) {
            R row = found.get(name);
            if (row == null) {
                throw QrmException.notFound(attempt, noun, Name.printable(name));
            }
            once.putIfAbsent(id.apply(row), row);
        }
        return List.copyOf(once.values());
    }

    private <R> List<R> filtered(Handle handle, Listing<R, F> list) {
        List<R> all = new ArrayList<>();
        String after = null;
        do {
            Page<R> page =
                    list.page(handle, filter, Sort.by(list.key()), new PageRequest(PageRequest.MAX_LIMIT, after));
            all.addAll(page.items());
            after = page.next();
            refuseMore(all.size());
        } while (after != null);
        return all;
    }

    private void refuseMore(int matches) {
        if (matches > most) {
            throw QrmException.refused(
                    attempt + "s",
                    told(),
                    "more than " + most + " are meant",
                    "Mean fewer, or allow more (most, up to " + Many.MOST + ").");
        }
    }

    /** @throws QrmException REFUSED when nothing is meant */
    public void refuseNone(List<?> rows) {
        if (rows.isEmpty()) {
            throw QrmException.refused(
                    attempt + "s", told(), "nothing is meant by that", "List what there is with the same filters.");
        }
    }

    /** In a few words. */
    public String told() {
        if (!named.isEmpty()) {
            return named.size() + " by name";
        }
        String narrowed = filter.wanted().entrySet().stream()
                .map(each -> each.getKey().word() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
        return narrowed.isEmpty() ? "all" : Name.printable(narrowed);
    }

    /**
     * What would be done now.
     *
     * @param check throws what a row would refuse with
     */
    public static <R> ManyPlan plan(List<R> rows, Function<R, ManyKind.Thing> thing, Consumer<R> check) {
        List<ManyPlan.Thing> things = new ArrayList<>();
        int possible = 0;
        for (R row : rows) {
            String reason = refusal(row, check);
            possible += reason.isEmpty() ? 1 : 0;
            if (things.size() < ManyPlan.LISTED) {
                ManyKind.Thing one = thing.apply(row);
                things.add(new ManyPlan.Thing(one.subject(), one.name(), reason));
            }
        }
        return new ManyPlan(rows.size(), possible, things);
    }

    private static <R> String refusal(R row, Consumer<R> check) {
        try {
            check.accept(row);
            return "";
        } catch (QrmException refused) {
            return refused.problem().reason();
        }
    }
}
