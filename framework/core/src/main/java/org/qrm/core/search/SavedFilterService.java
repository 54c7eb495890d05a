package org.qrm.core.search;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.search.FilteredList;
import org.qrm.api.search.SavedFilter;
import org.qrm.api.search.SavedFilters;
import org.qrm.core.store.Database;
import org.qrm.core.store.StaleException;

/** Saved filters over their table. */
public final class SavedFilterService implements SavedFilters {

    private static final String NOUN = "filter";
    private static final int LONGEST = 500;
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{N} ._,:=+()-]{0,61}[\\p{L}\\p{N}._,:=+()-])?");

    private static final RowMapper<SavedFilter> ROW = (row, context) -> new SavedFilter(
            row.getString("user_name"),
            row.getString("name"),
            FilteredList.valueOf(row.getString("list")),
            row.getString("query"));

    private final Database database;

    public SavedFilterService(Database database) {
        this.database = database;
    }

    @Override
    public List<SavedFilter> of(String user) {
        return database.read(handle -> of(handle, user));
    }

    private static List<SavedFilter> of(Handle handle, String user) {
        return handle.createQuery("select * from saved_filter where user_name = :user order by name")
                .bind("user", user)
                .map(ROW)
                .list();
    }

    @Override
    public void create(SavedFilter filter) {
        String attempted = "save filter";
        check(attempted, filter);
        changeUnlessTaken(attempted, filter, handle -> {
            if (of(handle, filter.user()).size() >= MOST) {
                throw QrmException.refused(
                        attempted, filter.name(), filter.user() + " has " + MOST + " of them", "Delete some first.");
            }
            handle.execute(
                    "insert into saved_filter (user_name, name, list, query) values (?, ?, ?, ?)",
                    filter.user(),
                    filter.name(),
                    filter.list().name(),
                    filter.query());
        });
    }

    @Override
    public void update(String name, SavedFilter filter, Expected<SavedFilter> expected) {
        String attempted = "change filter";
        check(attempted, filter);
        changeUnlessTaken(attempted, filter, handle -> {
            SavedFilter before = existing(handle, attempted, filter.user(), name);
            expected.check(before);
            int rows = handle.execute(
                    "update saved_filter set name = ?, list = ?, query = ? where user_name = ? and name = ? and list = ?"
                            + " and query = ?",
                    filter.name(),
                    filter.list().name(),
                    filter.query(),
                    before.user(),
                    before.name(),
                    before.list().name(),
                    before.query());
            StaleException.unless(rows == 1);
        });
    }

    private interface Step {
        void take(Handle handle);
    }

    private void changeUnlessTaken(String attempted, SavedFilter filter, Step step) {
        try {
            database.change(change -> {
                step.take(change.handle());
                return null;
            });
        } catch (RuntimeException failed) {
            if (Database.isConstraint(failed)) {
                throw QrmException.conflict(
                        attempted, filter.name(), "you have a filter of that name", "Choose another name.");
            }
            throw failed;
        }
    }

    @Override
    public void delete(String user, String name, Expected<SavedFilter> expected) {
        database.change(change -> {
            expected.check(existing(change.handle(), "delete filter", user, name));
            return change.handle().execute("delete from saved_filter where user_name = ? and name = ?", user, name);
        });
    }

    @Override
    public void deleteAll(String user) {
        database.change(change -> change.handle().execute("delete from saved_filter where user_name = ?", user));
    }

    private static SavedFilter existing(Handle handle, String attempted, String user, String name) {
        Optional<SavedFilter> found = of(handle, user).stream()
                .filter(filter -> filter.name().equals(name))
                .findFirst();
        return found.orElseThrow(() -> QrmException.notFound(attempted, NOUN, Name.printable(name)));
    }

    private static void check(String attempted, SavedFilter filter) {
        if (!NAME.matcher(filter.name()).matches()) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(filter.name()),
                    "that is no name of a filter",
                    "Use 1 to 63 letters, digits, blanks and . , _ - : = + ( ), beginning with a letter or digit.");
        }
        if (filter.query().length() > LONGEST || !filter.query().codePoints().allMatch(Name::isShown)) {
            throw QrmException.invalid(
                    attempted,
                    Name.printable(filter.query()),
                    "that is no query",
                    "Use at most " + LONGEST + " characters that are shown.");
        }
    }
}
