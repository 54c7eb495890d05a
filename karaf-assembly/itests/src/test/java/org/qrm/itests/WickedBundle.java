package org.qrm.itests;

import java.io.IOException;
import java.nio.file.Path;
import org.qrm.itests.wicked.WickedListener;

/** The bundle with {@link WickedListener}. */
final class WickedBundle {

    static final String NAME = "org.qrm.itests.wicked";
    static final String PLUGIN = "wicked";

    private WickedBundle() {}

    static void deploy(Path directory) throws IOException {
        TestBundle.deploy(
                directory,
                NAME,
                WickedListener.class,
                "org.osgi.framework,org.qrm.api.assignment,org.qrm.api.boot,org.qrm.api.environment,"
                        + "org.qrm.api.operation,org.qrm.api.plugin");
    }
}
