package org.qrm.api.power;

/** What can be done to a machine's power. More may come: who tells them apart has a branch for the others. */
public enum PowerAbility {
    /** It can be switched on. */
    ON,
    /** Its power can be cut. With {@link #ON}: also off and on again. */
    OFF,
    /** It is told whether it has power. */
    STATE
}
