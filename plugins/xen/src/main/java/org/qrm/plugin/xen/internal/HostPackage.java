package org.qrm.plugin.xen.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.osgi.service.component.annotations.Component;
import org.qrm.api.assignment.Assignment;
import org.qrm.api.boot.BootService;

/** Xen's tools, which a host fetches while it boots; its image needs none. */
@Component
public final class HostPackage implements BootService {

    private static final String FILE = "xen-host.tar.gz";

    @Override
    public String plugin() {
        return XenPlugin.ID;
    }

    @Override
    public boolean appliesTo(Assignment assignment) {
        return XenPlugin.ID.equals(assignment.environment().partitioning());
    }

    @Override
    public InputStream open() throws IOException {
        InputStream in = HostPackage.class.getResourceAsStream(FILE);
        if (in == null) {
            throw new FileNotFoundException("this bundle was built without " + FILE);
        }
        return in;
    }
}
