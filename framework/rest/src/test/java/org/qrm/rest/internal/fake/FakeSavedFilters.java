package org.qrm.rest.internal.fake;

import java.util.List;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.search.SavedFilter;
import org.qrm.api.search.SavedFilters;

/** Saved filters in memory. */
public final class FakeSavedFilters implements SavedFilters {

    public final TreeMap<String, SavedFilter> known = new TreeMap<>();

    @Override
    public List<SavedFilter> of(String user) {
        return known.values().stream()
                .filter(filter -> filter.user().equals(user))
                .toList();
    }

    @Override
    public void create(SavedFilter filter) {
        if (known.putIfAbsent(key(filter.user(), filter.name()), filter) != null) {
            throw QrmException.conflict(
                    "save filter", filter.name(), "you have a filter of that name", "Choose another.");
        }
    }

    @Override
    public void update(String name, SavedFilter filter, Expected<SavedFilter> expected) {
        expected.check(find(filter.user(), name).orElseThrow());
        known.remove(key(filter.user(), name));
        known.put(key(filter.user(), filter.name()), filter);
    }

    @Override
    public void delete(String user, String name, Expected<SavedFilter> expected) {
        expected.check(find(user, name).orElseThrow());
        known.remove(key(user, name));
    }

    @Override
    public void deleteAll(String user) {
        known.values().removeIf(filter -> filter.user().equals(user));
    }

    private static String key(String user, String name) {
        return user + "/" + name;
    }
}
