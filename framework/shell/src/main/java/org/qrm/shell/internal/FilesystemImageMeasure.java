package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;

/** {@code qrm:filesystem-image-measure}. */
@Service
@Needs(Role.OPERATOR)
@Command(scope = "qrm", name = "filesystem-image-measure", description = "Measures the size of a filesystem image.")
public final class FilesystemImageMeasure extends FilesystemImageCommand {

    @Override
    void run() throws InterruptedException {
        work(filesystemImages.measure(name));
    }
}
