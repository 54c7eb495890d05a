package org.qrm.core.search;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Expected;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.search.FilteredList;
import org.qrm.api.search.SavedFilter;
import org.qrm.api.search.SavedFilters;
import org.qrm.core.CoreFixture;
import org.qrm.core.store.DatabaseKind;

/** Saved filters on each database. */
@RunWith(Parameterized.class)
public class SavedFilterServiceTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private SavedFilters filters;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        filters = new SavedFilterService(core.database);
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    @Test
    public void eachUserHasTheirOwn() {
        SavedFilter broken = broken("ann", "Rack 7, broken");
        filters.create(broken);
        filters.create(broken("bob", "Rack 7, broken"));
        filters.create(new SavedFilter("ann", "All", FilteredList.EVENTS, ""));
        assertEquals(List.of(new SavedFilter("ann", "All", FilteredList.EVENTS, ""), broken), filters.of("ann"));
        assertEquals(List.of(), filters.of("carol"));
        filters.deleteAll("ann");
        assertEquals(List.of(), filters.of("ann"));
        assertEquals(1, filters.of("bob").size());
    }

    @Test
    public void itIsRenamedAndNarrowedAnewAndDeleted() {
        filters.create(broken("ann", "one"));
        filters.create(broken("ann", "other"));
        SavedFilter changed = new SavedFilter("ann", "zwölf", FilteredList.RESOURCES, "state:off");
        filters.update("one", changed, Expected.any());
        assertEquals(List.of(broken("ann", "other"), changed), filters.of("ann"));
        assertRefused(Problem.Kind.CONFLICT, () -> filters.update("zwölf", broken("ann", "other"), Expected.any()));
        assertRefused(Problem.Kind.NOT_FOUND, () -> filters.update("one", changed, Expected.any()));
        filters.delete("ann", "other", Expected.any());
        assertEquals(List.of(changed), filters.of("ann"));
        assertRefused(Problem.Kind.NOT_FOUND, () -> filters.delete("bob", "zwölf", Expected.any()));
    }

    @Test
    public void whatIsNoNameOrQueryOrTakenIsRefused() {
        filters.create(broken("ann", "one"));
        assertRefused(Problem.Kind.CONFLICT, () -> filters.create(broken("ann", "one")));
        for (String name : List.of("", " a", "a ", "a/b", "a%2f", "<b>", "a\nb", "a".repeat(64))) {
            assertRefused(Problem.Kind.INVALID, () -> filters.create(broken("ann", name)));
        }
        for (String query : List.of("a\u202eb", "a\nb".replace('\n', '\r'), "a".repeat(501))) {
            assertRefused(
                    Problem.Kind.INVALID,
                    () -> filters.create(new SavedFilter("ann", "two", FilteredList.RESOURCES, query)));
        }
        filters.create(broken("ann", "a".repeat(63)));
    }

    @Test
    public void aUserHasSoManyAtMost() {
        for (int i = 0; i < SavedFilters.MOST; i++) {
            filters.create(broken("ann", "filter " + i));
        }
        assertRefused(Problem.Kind.REFUSED, () -> filters.create(broken("ann", "one more")));
        filters.create(broken("bob", "first"));
    }

    @Test
    public void whoChangesSaysWhatWasSeen() {
        filters.create(broken("ann", "one"));
        Expected<SavedFilter> other = now -> {
            throw QrmException.conflict("change filter", now.name(), "it is another one", "Look again.");
        };
        assertRefused(Problem.Kind.CONFLICT, () -> filters.update("one", broken("ann", "two"), other));
        assertRefused(Problem.Kind.CONFLICT, () -> filters.delete("ann", "one", other));
        assertEquals(List.of(broken("ann", "one")), filters.of("ann"));
    }

    private static SavedFilter broken(String user, String name) {
        return new SavedFilter(user, name, FilteredList.RESOURCES, "state:error tag:rack=7");
    }

    private static void assertRefused(Problem.Kind kind, Runnable change) {
        QrmException refused = assertThrows(QrmException.class, change::run);
        assertEquals(refused.getMessage(), kind, refused.problem().kind());
    }
}
