package org.qrm.itests.hurt;

/** Its initialiser does not return: neither for an activator that asks for it, nor as a component. */
public final class BlockedClass {

    static {
        HurtActivator.beDeaf();
    }
}
