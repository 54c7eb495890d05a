package org.qrm.api.admission;

import org.qrm.api.ListField;

/** What expected machines can be narrowed and sorted by. */
public enum ExpectedMachineField implements ListField {
    ID(Use.sorts()),
    MAC(Use.narrows(String.class, "only with this MAC address")),
    UUID(Use.narrows(String.class, "only with this UUID")),
    SERIAL(Use.narrows(String.class, "only with this serial number")),
    NAME(Use.narrows(String.class, "only with this name"));

    private final Use use;

    ExpectedMachineField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
