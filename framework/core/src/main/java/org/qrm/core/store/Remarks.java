package org.qrm.core.store;

import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Remark;
import org.qrm.api.event.Priority;

/**
 * What people say of the things of a table: the owner in a column of it, the note in a table of its own, which nobody reads who
 * reads a list or works with the things.
 *
 * @param id column that tells a thing from others, with its table: {@code resource.id}
 * @param notes the table of notes
 * @param of the column there for whose note it is
 * @param owning sets the owner (1) of a thing (2)
 * @param forgetting removes the note of a thing (1)
 * @param noting makes one of a thing (1) that has none (2)
 */
public record Remarks(String id, String notes, String of, String owning, String forgetting, String noting) {

    /**
     * Who is told what.
     *
     * @param noun what types of events begin with
     * @param subject of the events
     * @param what it is said of, as a sentence begins
     * @param resource or null
     */
    public record Told(String noun, String subject, String what, Long resource) {}

    /** With the note. */
    public Remark whole(Handle handle, Object thing, Remark known) {
        return known.noted(handle.createQuery("select note from " + notes + " where " + of + " = :thing")
                .bind("thing", thing)
                .mapTo(String.class)
                .findOne()
                .orElse(""));
    }

    /**
     * Changes what is said of a thing that is locked, with an event for the owner and one for the note; neither when it stays as it is.
     *
     * @param before with the note
     * @param said is checked; what is null stays
     */
    public void change(Change change, Object thing, Remark before, Remark said, Told told) {
        Remark after = before.after(said);
        if (after.equals(before)) {
            return;
        }
        // also when the owner stays: the thing has changed
        change.handle().execute(owning, after.owner(), thing);
        if (!after.owner().equals(before.owner())) {
            tell(change, told, ".owned", " belongs to " + nobody(after) + " now; before: " + nobody(before));
        }
        if (!after.note().equals(before.note())) {
            change.handle().execute(forgetting, thing);
            if (!after.note().isEmpty()) {
                change.handle().execute(noting, thing, after.note());
            }
            tell(change, told, ".noted", after.note().isEmpty() ? " has no note any longer" : " has another note");
        }
    }

    private static String nobody(Remark remark) {
        return remark.owner().isEmpty() ? "nobody" : remark.owner();
    }

    private static void tell(Change change, Told told, String type, String sentence) {
        change.event(Priority.INFO, told.noun() + type, told.subject(), told.what() + sentence, told.resource());
    }

    /** A filter by the owner, whatever the case of its letters, and an order. */
    public static <T> Column<T> owner(Function<T, Remark> remark) {
        return new Column<>(
                "owner",
                false,
                remark.andThen(Remark::owner),
                Column.rows("lower(owner) = :value", Remarks::sameOwner));
    }

    private static Object sameOwner(Object wanted) {
        return wanted.toString().strip().toLowerCase(Locale.ROOT);
    }

    /** A filter that looks into the note, too. */
    public <T> Column<T> or(Column<T> filter) {
        return filter.within("(", " or " + has(":value") + ")");
    }

    /** Where a text is looked for. */
    public Place place() {
        return new Place(Place.NEVER, Place.NEVER, has(":part"));
    }

    private String has(String pattern) {
        return "exists (select 1 from " + notes + " n where n." + of + " = " + id + " and lower(n.note) like " + pattern
                + " escape '!')";
    }

    /** Of rows that have the note as a column: the thing that a row without it is, and its note. */
    public static <T> RowMapper<T> whole(
            RowMapper<T> row, Function<T, Remark> remark, BiFunction<T, Remark, T> remarked) {
        return (found, context) -> {
            T thing = row.map(found, context);
            return remarked.apply(thing, remark.apply(thing).noted(found.getString("note")));
        };
    }

    /** What is read of a thing that was found: its row, and the note as a column. */
    public String columns() {
        return id.substring(0, id.indexOf('.')) + ".*, (select n.note from " + notes + " n where n." + of + " = " + id
                + ") as note";
    }
}
