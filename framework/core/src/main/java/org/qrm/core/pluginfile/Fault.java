package org.qrm.core.pluginfile;

/**
 * What of a bundle is not at work.
 *
 * @param what name of a component, or of a service's class
 * @param why without a full stop
 * @param lasting whether it will not come up by itself
 */
public record Fault(String what, String why, boolean lasting) {

    @Override
    public String toString() {
        return what + ": " + why;
    }
}
