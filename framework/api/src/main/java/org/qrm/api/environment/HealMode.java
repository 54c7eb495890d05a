package org.qrm.api.environment;

/** What becomes of a virtual environment whose machine is lost. */
public enum HealMode {
    /** It stays in error until a person comes. */
    NONE,
    /** Its machine is fenced, which is switched off for certain, and it starts on another one. */
    RESTART
}
