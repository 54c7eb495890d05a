package org.qrm.api.environment;

/** What virtual environments can be sorted by. States stand in the order of their names. */
public enum EnvironmentField {
    NAME,
    STATE
}
