package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.image.BootImages;

/** Names of the files of the boot image that was named before. */
@Service
public final class BootFileCompleter extends KnownNames {

    @Reference(optional = true)
    BootImages bootImages;

    @Override
    boolean isThere() {
        return bootImages != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return words.stream()
                .flatMap(word -> bootImages.find(word).stream())
                .flatMap(image -> image.files().stream())
                .map(file -> file.name());
    }
}
