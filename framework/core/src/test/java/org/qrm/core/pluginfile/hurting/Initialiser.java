package org.qrm.core.pluginfile.hurting;

/** Its initialiser does not return. */
final class Initialiser {

    static {
        Hurting.beDeaf();
    }

    private Initialiser() {}
}
