package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.PluginFiles;

/** Names of plug-ins' files. */
@Service
public final class PluginFileCompleter extends KnownNames {

    @Reference(optional = true)
    PluginFiles files;

    @Override
    boolean isThere() {
        return files != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return files.list().stream().map(file -> file.name());
    }
}
