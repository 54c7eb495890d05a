package org.qrm.core.environment;

/** What is known of a machine that is off, is no partition, and is bound to nothing. */
enum WhenOff {
    /** A plug-in controls its power. */
    SWITCHED_ON("it is off, and will be switched on"),
    UNCONTROLLED("it is off, and no plug-in controls its power"),
    NOT_ADMITTED("it is off, and was not admitted"),
    OWN_DISK("it is off, and set to boot from its own disk"),
    /** It never said what it has. */
    UNKNOWN("it is off, and what it has is not known"),
    /** No plug-in was asked, since machines that come before it are enough. */
    NOT_NEEDED("it is off, and enough others fit"),
    /** No plug-in was asked, since that took too long. */
    NOT_ASKED("it is off, and plug-ins have not said in time whether they control its power");

    private final String told;

    WhenOff(String told) {
        this.told = told;
    }

    /** For people. */
    String told() {
        return told;
    }

    /** Whether it can be had. */
    boolean fits() {
        return this == SWITCHED_ON;
    }

    /** Whether that matters only of a machine that would fit otherwise. */
    boolean isLastReason() {
        return this == NOT_NEEDED || this == NOT_ASKED;
    }
}
