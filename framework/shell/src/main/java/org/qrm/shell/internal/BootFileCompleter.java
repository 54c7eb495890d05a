package org.qrm.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.qrm.api.image.BootImages;

/** Names of the files of the boot image that was named before. */
@Service
public final class BootFileCompleter implements Completer {

    @Reference(optional = true)
    BootImages bootImages;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        StringsCompleter known = new StringsCompleter();
        if (bootImages == null) {
            return -1;
        }
        for (String argument : line.getArguments()) {
            bootImages
                    .find(argument)
                    .ifPresent(image ->
                            image.files().forEach(file -> known.getStrings().add(file.name())));
        }
        return known.complete(session, line, candidates);
    }
}
