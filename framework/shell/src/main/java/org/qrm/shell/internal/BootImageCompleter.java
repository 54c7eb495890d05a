package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.PageRequest;
import org.qrm.api.image.BootImages;

/** Names of boot images. */
@Service
public final class BootImageCompleter extends KnownNames {

    @Reference(optional = true)
    BootImages bootImages;

    @Override
    boolean isThere() {
        return bootImages != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return bootImages.list(PageRequest.FIRST).items().stream().map(image -> image.name());
    }
}
