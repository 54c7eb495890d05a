package org.qrm.itests;

import static org.qrm.itests.DocumentationIT.follow;
import static org.qrm.itests.DocumentationIT.withAServer;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The two longest pages that people follow; beside {@link DocumentationIT}, since each takes minutes. */
public class TutorialsIT {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void hasANetwork() throws Exception {
        DocumentationIT.hasANetworkOfItsOwn();
    }

    @Test
    public void backupRestoreUpgradeAndMoveGoAsTheyAreTold() throws Exception {
        Path root = folder.getRoot().toPath();
        try (ReaderOfDocumentation reader = new ReaderOfDocumentation(root)) {
            Files.createSymbolicLink(
                    reader.home().resolve("qrm-1.tar.gz"), Path.of(System.getProperty("distribution")));
            TomorrowsServer.pack(folder.newFolder().toPath(), reader.home().resolve("qrm-2.tar.gz"));
            follow(reader, "docs/operations.md");
        }
    }

    @Test
    public void aPluginIsWrittenAsItsPageSays() throws Exception {
        try (ReaderOfDocumentation reader =
                new ReaderOfDocumentation(folder.getRoot().toPath())) {
            withAServer(reader);
            Path settings = folder.newFile("settings.xml").toPath();
            Files.writeString(
                    settings,
                    "<settings><mirrors><mirror><id>of-this-build</id><mirrorOf>*</mirrorOf><url>"
                            + Path.of(System.getProperty("localRepository")).toUri()
                            + "</url></mirror></mirrors></settings>");
            // Java asks the operating system, not the shell, where a user's home is
            reader.has(
                    "mvn",
                    "exec " + System.getProperty("maven") + " -B -ntp -s " + settings + " -gs " + settings
                            + " -Dmaven.repo.local=\"$HOME/.m2/repository\" \"$@\"");
            follow(reader, "docs/writing-plugins.md");
        }
    }
}
