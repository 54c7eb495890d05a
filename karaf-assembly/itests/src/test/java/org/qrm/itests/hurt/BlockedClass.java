package org.qrm.itests.hurt;

import java.util.Map;

/** Its initialiser does not return: neither for an activator that asks for it, nor as a component. */
public final class BlockedClass {

    static {
        HurtActivator.beDeaf();
    }

    /** @param properties of the component */
    public BlockedClass(Map<String, Object> properties) {
        // nobody gets here
    }

    void activate() {
        // nor here
    }
}
