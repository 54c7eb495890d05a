package org.qrm.shell.internal;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.qrm.api.Expected;
import org.qrm.api.plugin.PluginFile;
import org.qrm.api.plugin.PluginFiles;
import org.qrm.api.user.Role;

/** {@code qrm:plugin-add-file}. */
@Service
@Needs(Role.ADMIN)
@Command(
        scope = "qrm",
        name = "plugin-add-file",
        description = "Installs a plug-in's bundle from its jar file, or updates it.")
public final class PluginFileAdd extends ShowingCommand {

    @Reference(optional = true)
    PluginFiles files;

    @Argument(index = 0, name = "file", description = "Path of the jar file, on the server.", required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--as", description = "Its name in the folder deploy.")
    @Completion(PluginFileCompleter.class)
    String as;

    @Option(name = "--sha256", description = "Its digest as its maker tells it; another file is refused.")
    String sha256;

    @Override
    void run() throws Exception {
        Path path = Path.of(file);
        String name = as == null ? String.valueOf(path.getFileName()) : as;
        try (InputStream content = Files.newInputStream(path)) {
            PluginFile added = files.add(name, content, sha256, Expected.any());
            if (json()) {
                item(View.of(added));
            }
            String brought = String.join(" ", added.plugins());
            say(name + " is at work, "
                    + (brought.isEmpty() ? "and brings no plug-in." : "and brings: " + brought + "."));
        }
    }
}
