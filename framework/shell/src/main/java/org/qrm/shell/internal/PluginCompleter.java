package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.plugin.Plugins;

/** Ids of plug-ins. */
@Service
public final class PluginCompleter extends KnownNames {

    @Reference(optional = true)
    Plugins plugins;

    @Override
    boolean isThere() {
        return plugins != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return plugins.list().stream().map(plugin -> plugin.id());
    }
}
