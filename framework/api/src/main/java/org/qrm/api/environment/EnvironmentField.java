package org.qrm.api.environment;

import org.qrm.api.ListField;

/** What virtual environments can be narrowed and sorted by. States stand in the order of their names. */
public enum EnvironmentField implements ListField {
    NAME(Use.sorts()),
    STATE(Use.both(EnvironmentState.class, "only in this state")),
    MODE(Use.both(EnvironmentMode.class, "only of this mode")),
    BOOT_IMAGE(Use.both(String.class, "only with this boot image")),
    FILESYSTEM_IMAGE(Use.both(String.class, "only with this filesystem image")),
    RUNS_ON(Use.both(String.class, "only on these: node, partition:<plug-in>, or any")),
    PARTITIONING(Use.narrows(String.class, "only those whose machines this plug-in makes hosts")),
    HEAL(Use.narrows(HealMode.class, "only those that are healed so")),
    OWNER(Use.both(String.class, "only of this owner, in great letters or small; empty for those of nobody")),
    GROUP(Use.narrows(
            String.class,
            "only of this group, as its list tells them: state:active, or tag:gpu for those that have none")),
    TEXT(Use.narrows(
            String.class, "only with this in name, description, filesystem image, a tag that it needs, owner or note"));

    private final Use use;

    EnvironmentField(Use use) {
        this.use = use;
    }

    @Override
    public Use use() {
        return use;
    }
}
