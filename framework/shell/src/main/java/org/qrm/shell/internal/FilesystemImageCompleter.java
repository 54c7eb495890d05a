package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.image.FilesystemImages;

/** Names of filesystem images. */
@Service
public final class FilesystemImageCompleter extends KnownNames {

    @Reference(optional = true)
    FilesystemImages filesystemImages;

    @Override
    boolean isThere() {
        return filesystemImages != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return filesystemImages.list(Filter.all(), PageRequest.FIRST).items().stream()
                .map(image -> image.name());
    }
}
