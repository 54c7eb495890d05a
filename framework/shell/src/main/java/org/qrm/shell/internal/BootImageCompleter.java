package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.PageRequest;
import org.qrm.api.image.BootImages;

/** Names of boot images. */
@Service
public final class BootImageCompleter implements Completer {

    @Reference(optional = true)
    BootImages bootImages;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (bootImages == null) {
            return -1;
        }
        bootImages
                .list(PageRequest.FIRST)
                .items()
                .forEach(image -> known.getStrings().add(image.name()));
        return known.complete(session, line, candidates);
    }
}
