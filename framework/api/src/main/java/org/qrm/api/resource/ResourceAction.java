package org.qrm.api.resource;

/** What can be asked of a resource. */
public enum ResourceAction {
    /** Let it join the pool, after it waited for that. */
    ADMIT("admit", "admit resource"),
    /** Restart it; it boots what it is bound to. */
    REBOOT("reboot", "restart resource"),
    /** Switch it on; needs a power controller. */
    POWER_ON("power-on", "switch on resource"),
    /** Shut it down and switch it off. */
    POWER_OFF("power-off", "switch off resource"),
    /** Switch it off and on, without asking it; needs a power controller. */
    POWER_CYCLE("power-cycle", "power-cycle resource"),
    /** Keep it out of placement. */
    MAINTENANCE("maintenance", "begin maintenance of resource"),
    /** Let it boot from its own disk; it leaves the pool as under maintenance. */
    LOCAL_BOOT("local-boot", "begin local boot of resource"),
    /** End maintenance or local boot: it returns to the pool when it has booted. */
    RESUME("resume", "resume resource"),
    /** Forget it; it is new again when it boots the next time. */
    REMOVE("remove", "remove resource");

    private final String word;
    private final String attempt;

    ResourceAction(String word, String attempt) {
        this.word = word;
        this.attempt = attempt;
    }

    /** As REST and the commands spell it. */
    public String word() {
        return word;
    }

    /** As a {@link org.qrm.api.Problem} says what was tried: {@code switch on resource}. */
    public String attempt() {
        return attempt;
    }
}
