package org.qrm.api.storage;

import org.qrm.api.ListField;

/** What storage servers can be narrowed and sorted by. */
public enum StorageServerField implements ListField {
    NAME(Use.sorts()),
    TYPE(Use.both(String.class, "only of this storage type")),
    ADDRESS(Use.both(String.class, "only at this address, which machines mount from")),
    OWNER(Use.both(String.class, "only of this owner, in great letters or small; empty for those of nobody")),
    TEXT(Use.narrows(String.class, "only with this in name, an address, export root, owner or note"));

    private final Use use;

    StorageServerField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
