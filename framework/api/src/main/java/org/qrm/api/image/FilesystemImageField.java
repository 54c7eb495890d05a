package org.qrm.api.image;

import org.qrm.api.ListField;

/** What filesystem images can be narrowed and sorted by. States stand in the order of their names. */
public enum FilesystemImageField implements ListField {
    NAME(Use.sorts()),
    STATE(Use.both(FilesystemImage.State.class, "only in this state")),
    STORAGE_SERVER(Use.both(String.class, "only kept by this storage server")),
    PLUGIN(Use.narrows(String.class, "only made by this plug-in")),
    SIZE_BYTES(Use.sorts()),
    OWNER(Use.both(String.class, "only of this owner, in great letters or small; empty for those of nobody")),
    TEXT(Use.narrows(String.class, "only with this in name, path, description, owner or note"));

    private final Use use;

    FilesystemImageField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
