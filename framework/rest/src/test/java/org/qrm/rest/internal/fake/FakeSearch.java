package org.qrm.rest.internal.fake;

import java.util.List;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.api.search.Matches;
import org.qrm.api.search.Search;
import org.qrm.api.storage.StorageServer;

/** Finds one storage server in every text but {@code nothing}. */
public final class FakeSearch implements Search {

    public String lastText;
    public int lastMost;
    public int more;

    @Override
    public List<Matches> find(String text, int most) {
        lastText = text;
        lastMost = most;
        StorageServer server = new StorageServer("nas", "nfs", "10.0.0.5", "10.0.0.5", "/export", null);
        return text.equals("nothing")
                ? List.of()
                : List.of(new Matches(
                        FoundKind.STORAGE_SERVER, List.of(Found.of(server).in("address", "10.0.0.5")), more));
    }
}
