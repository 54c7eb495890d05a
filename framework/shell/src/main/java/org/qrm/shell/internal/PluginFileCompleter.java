package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.plugin.PluginFiles;

/** Names of plug-ins' files. */
@Service
public final class PluginFileCompleter implements Completer {

    @Reference(optional = true)
    PluginFiles files;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (files == null) {
            return -1;
        }
        files.list().forEach(file -> known.getStrings().add(file.name()));
        return known.complete(session, line, candidates);
    }
}
