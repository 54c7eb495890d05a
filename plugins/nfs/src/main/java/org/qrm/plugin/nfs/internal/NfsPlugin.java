package org.qrm.plugin.nfs.internal;

import org.osgi.service.component.annotations.Component;
import org.qrm.api.plugin.Plugin;

/** The plug-in: a name for what {@link NfsStorage} adds. It needs nothing made, so there is nothing to take away. */
@Component
public final class NfsPlugin implements Plugin {

    static final String ID = "nfs";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String description() {
        return "Keeps filesystem images on NFS servers (kernel server or NFS-Ganesha)";
    }
}
