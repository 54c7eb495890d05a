package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.plugin.Plugins;

/** Ids of plug-ins. */
@Service
public final class PluginCompleter implements Completer {

    @Reference(optional = true)
    Plugins plugins;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (plugins == null) {
            return -1;
        }
        plugins.list().forEach(plugin -> known.getStrings().add(plugin.id()));
        return known.complete(session, line, candidates);
    }
}
