package org.qrm.core.search;

import java.util.List;
import org.qrm.api.Name;
import org.qrm.api.QrmException;
import org.qrm.api.search.Matches;
import org.qrm.api.search.Search;
import org.qrm.core.environment.EnvironmentRows;
import org.qrm.core.image.BootImageRows;
import org.qrm.core.image.FilesystemImageRows;
import org.qrm.core.operation.OperationRows;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.storage.StorageServerRows;
import org.qrm.core.store.Database;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.Searched;
import org.qrm.core.store.Sought;

/** The search over all tables that say how they are searched. */
public final class SearchService implements Search {

    private static final List<Searched<?>> TABLES = List.of(
            ResourceRows.SEARCHED,
            EnvironmentRows.SEARCHED,
            FilesystemImageRows.SEARCHED,
            BootImageRows.SEARCHED,
            StorageServerRows.SEARCHED,
            OperationRows.SEARCHED,
            EventRows.SEARCHED);

    private final Database database;

    public SearchService(Database database) {
        this.database = database;
    }

    @Override
    public List<Matches> find(String text, int most) {
        Sought sought = new Sought(text);
        if (sought.text().isEmpty() || text.length() > LONGEST || text.indexOf('\0') >= 0) {
            throw QrmException.invalid(
                    "search",
                    Name.printable(text),
                    "that is no text of 1 to " + LONGEST + " characters",
                    "Say a part of a name, an address, a serial number, or what else is known.");
        }
        if (most < 1 || most > MOST) {
            throw QrmException.invalid("search", "", "limit is " + most, "Ask for 1 to " + MOST + " of each kind.");
        }
        return database.glance(handle -> TABLES.stream()
                .map(table -> table.find(handle, sought, most))
                .filter(matches -> !matches.best().isEmpty())
                .toList());
    }
}
