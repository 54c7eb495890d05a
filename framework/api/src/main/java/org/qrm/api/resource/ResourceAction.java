package org.qrm.api.resource;

/** What can be asked of a resource. */
public enum ResourceAction {
    /** Restart it; it boots what it is bound to. */
    REBOOT("reboot"),
    /** Switch it on; needs a power controller. */
    POWER_ON("power-on"),
    /** Shut it down and switch it off. */
    POWER_OFF("power-off"),
    /** Keep it out of placement. */
    MAINTENANCE("maintenance"),
    /** Let it boot from its own disk; it leaves the pool as under maintenance. */
    LOCAL_BOOT("local-boot"),
    /** End maintenance or local boot: it returns to the pool when it has booted. */
    RESUME("resume"),
    /** Forget it; it is new again when it boots the next time. */
    REMOVE("remove");

    private final String word;

    ResourceAction(String word) {
        this.word = word;
    }

    /** As REST and the commands spell it. */
    public String word() {
        return word;
    }
}
