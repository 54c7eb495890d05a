package org.qrm.api.user;

import org.qrm.api.ListField;

/** What tokens can be narrowed and sorted by. Roles stand in the order of their names. */
public enum TokenField implements ListField {
    ID(Use.sorts()),
    NAME(Use.sorts()),
    USER(Use.both(String.class, "only of this user")),
    ROLE(Use.both(Role.class, "only with this role")),
    EXPIRES(Use.sorts());

    private final Use use;

    TokenField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
